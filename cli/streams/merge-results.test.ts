import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { LogEntry, Stream, StreamResultsOptions } from '../../client/index.js';
import { serverUnavailable } from '../../domain/server-unavailable.js';
import { mergeResults, type MergeOptions } from './merge-results.js';
import { openOffsets } from './offsets.js';

const A = '00000000-0000-4000-8000-00000000000a';
const B = '00000000-0000-4000-8000-00000000000b';

const row = (scenario_uuid: string, frame_number: number): LogEntry => ({
  ...{ scenario_uuid, frame_number, detections: [], timestamp: new Date(0).toISOString() },
});

interface FakeStream {
  readonly uuid: string;
  /** Number of rows; the scenario ends after them. */
  readonly rows: number;
  ended?: boolean;
}

/** Scenarios that are listed, and the options with which their results were read. */
function fakeStreams(listed: FakeStream[]) {
  const reads: (StreamResultsOptions & { readonly uuid: string })[] = [];
  const streams = {
    list: () =>
      Promise.resolve({
        streams: listed.map(
          ({ uuid, ended }) => ({ scenario_uuid: uuid, ended_at: ended ? 'then' : null }) as Stream,
        ),
        next: null,
      }),
    get: () => Promise.reject(new Error('not used')),
    results: async function* (uuid: string, options: StreamResultsOptions = {}) {
      reads.push({ uuid, ...options });
      const stream = listed.find((each) => each.uuid === uuid)!;
      for (let number = (options.after ?? 0) + 1; number <= stream.rows; number++) {
        await sleep(1);
        yield row(uuid, number);
      }
      stream.ended = true;
    },
  };
  return { streams, reads };
}

async function merge(
  { streams }: ReturnType<typeof fakeStreams>,
  options: Partial<MergeOptions> = {},
  isEnough: (names: readonly string[]) => boolean = () => false,
) {
  const stop = new AbortController();
  const names: string[] = [];
  const offsets = options.offsets ?? (await openOffsets(undefined));
  const settings = { fromBeginning: true, offsets, signal: stop.signal, everyMs: 1, ...options };
  await mergeResults(streams, settings, (entry) => {
    names.push(`${entry.scenario_uuid.at(-1)}${'frame_number' in entry ? entry.frame_number : ''}`);
    if (isEnough(names)) stop.abort();
    return Promise.resolve();
  });
  return names;
}

describe('mergeResults', () => {
  it('follows the given scenarios until they have ended, each in order', async () => {
    const names = await merge(
      fakeStreams([
        { uuid: A, rows: 3 },
        { uuid: B, rows: 2 },
      ]),
      {
        uuids: [A, B],
      },
    );
    expect(names.filter((name) => name.startsWith('a'))).toEqual(['a1', 'a2', 'a3']);
    expect(names.toSorted()).toEqual(['a1', 'a2', 'a3', 'b1', 'b2']);
  });

  it('finds scenarios that are deployed later', async () => {
    const listed: FakeStream[] = [{ uuid: A, rows: 2 }];
    setTimeout(() => listed.push({ uuid: B, rows: 1 }), 20);
    const fake = fakeStreams(listed);
    const names = await merge(fake, { fromBeginning: false }, (all) => all.includes('b1'));
    expect(names).toEqual(['a1', 'a2', 'b1']);
    expect(fake.reads).toMatchObject([
      { uuid: A, fromEnd: true },
      { uuid: B, from: expect.any(Date) as unknown },
    ]);
  });

  it('continues a scenario that ended and is deployed again after its last row', async () => {
    const listed: FakeStream[] = [{ uuid: A, rows: 2 }];
    setTimeout(() => (listed[0] = { uuid: A, rows: 3 }), 20);
    const names = await merge(fakeStreams(listed), {}, (all) => all.includes('a3'));
    expect(names).toEqual(['a1', 'a2', 'a3']);
  });

  it('continues after the offsets of an earlier run', async () => {
    const offsets = await openOffsets(undefined);
    offsets.set(A, 2);
    expect(await merge(fakeStreams([{ uuid: A, rows: 3 }]), { uuids: [A], offsets })).toEqual([
      'a3',
    ]);
    expect(offsets.get(A)).toBe(3);
  });

  it('continues after a server was unavailable', async () => {
    const fake = fakeStreams([{ uuid: A, rows: 2 }]);
    let failures = 1;
    const results: typeof fake.streams.results = (...args) => {
      if (failures-- > 0) throw serverUnavailable('Temporal', {}, new Error('14'));
      return fake.streams.results(...args);
    };
    const restarted = { ...fake, streams: { ...fake.streams, results } };
    expect(await merge(restarted, { uuids: [A] })).toEqual(['a1', 'a2']);
  });

  it('ends with the error of a scenario', async () => {
    const fake = fakeStreams([{ uuid: A, rows: 1 }]);
    const results = () => {
      throw new Error('damaged');
    };
    const broken = { ...fake, streams: { ...fake.streams, results } };
    await expect(merge(broken, { uuids: [A] })).rejects.toThrow('damaged');
  });
});
