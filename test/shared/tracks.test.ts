import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ZoneReport } from '../../client/index.js';
import type { DetectionResult } from '../../domain/result/result.js';
import { apiAt, json } from '../support/api.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { commandOn } from '../support/command-line.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';

const VIDEO = 'tracks-numbers';
const TRACKED = 'tracks-followed';
const JOB = { video_id: VIDEO, every: 1, frames: 'none', preprocess: false } as const;

let stack: SharedConnection;
let tracked: DetectionResult;
let plain: DetectionResult;
beforeAll(async () => {
  stack = await connectSharedStack();
  const path = join(stack.folder, 'numbers.mp4');
  await makeClip(
    CLIP_KINDS.find(({ name }) => name === 'constant rate')!,
    path,
  );
  await stack.putVideo(VIDEO, path);
  await Promise.all([
    stack.run({ ...JOB, event_id: TRACKED, tracking: true }),
    stack.run({ ...JOB, event_id: 'tracks-plain' }),
  ]);
  tracked = await stack.result(TRACKED);
  plain = await stack.result('tracks-plain');
});
afterAll(() => stack?.close());

const exportOf = async (format: string) => {
  const response = await fetch(`${stack.apiUrl}/api/v1/jobs/${TRACKED}/export?format=${format}`);
  expect(response.status).toBe(200);
  return response.text();
};

const idsOf = ({ frames }: DetectionResult) =>
  frames.flatMap(({ objects }) => objects.map(({ track_id }) => track_id));

describe('a job with tracks', () => {
  it('has the frames and objects of one without, with ids', () => {
    const without = tracked.frames.map((row) => ({
      ...row,
      objects: row.objects.map(({ track_id: _, ...object }) => object),
    }));
    expect(without).toEqual(plain.frames);
    expect(idsOf(tracked).filter((id) => id !== undefined).length).toBeGreaterThan(0);
    expect(idsOf(plain).every((id) => id === undefined)).toBe(true);
    expect(plain).not.toHaveProperty('tracks');
    expect(plain.summary).not.toHaveProperty('tracks_by_class');
  });

  it('lists each track once, with its times and its best frame', () => {
    const { tracks = [], frames, summary } = tracked;
    const used = new Set(idsOf(tracked).filter((id) => id !== undefined));
    expect(new Set(tracks.map(({ id }) => id))).toEqual(used);
    expect(tracks).toHaveLength(used.size);
    for (const { id, class: name, from_ms, to_ms, max_conf, best_frame } of tracks) {
      const own = frames.flatMap((row) =>
        row.objects.filter(({ track_id }) => track_id === id).map((each) => ({ ...row, ...each })),
      );
      expect(own.every((each) => each.class === name)).toBe(true);
      expect([own[0]!.timestamp_ms, own.at(-1)!.timestamp_ms]).toEqual([from_ms, to_ms]);
      expect(Math.max(...own.map(({ conf }) => conf))).toBe(max_conf);
      expect(own.find(({ frame }) => frame === best_frame)!.conf).toBe(max_conf);
    }
    const total = Object.values(summary.tracks_by_class!).reduce((sum, each) => sum + each, 0);
    expect(total).toBe(tracks.length);
  });

  it('is exported with the ids', async () => {
    const ids = idsOf(tracked).map((id) => id ?? null);
    const cells = (await exportOf('csv')).trimEnd().split('\r\n').slice(1);
    expect(cells.map((line) => Number(line.split(',')[6]) || null)).toEqual(ids);
    const lines = (await exportOf('mot')).trimEnd().split('\n');
    expect(lines.map((line) => Number(line.split(',')[1]))).toEqual(ids.map((id) => id ?? -1));
    const coco = JSON.parse(await exportOf('coco')) as { annotations: { track_id?: number }[] };
    expect(coco.annotations.map(({ track_id = null }) => track_id)).toEqual(ids);
    expect(JSON.parse(await exportOf('json'))).toEqual(tracked);
  });

  it('has counts by class in its summary, and another id than one without tracks', async () => {
    const url = `${stack.apiUrl}/api/v1/jobs`;
    const summary = await fetch(`${url}/${TRACKED}/summary`);
    expect(await summary.json()).toMatchObject({
      tracks_by_class: tracked.summary.tracks_by_class,
    });
    const idOf = async (options: object) => {
      const body = JSON.stringify({ ...JOB, ...options });
      const headers = { 'content-type': 'application/json' };
      const response = await fetch(url, { method: 'POST', headers, body });
      expect(response.status).toBe(202);
      return ((await response.json()) as { event_id: string }).event_id;
    };
    const ids = [await idOf({}), await idOf({ tracking: false }), await idOf({ tracking: true })];
    expect(ids[1]).toBe(ids[0]);
    expect(ids[2]).not.toBe(ids[0]);
  });
});

describe('zones of a job with tracks', () => {
  const WHOLE = {
    ...{ name: 'frame', kind: 'zone' },
    points: [
      [0, 0],
      [1, 0],
      [1, 1],
      [0, 1],
    ],
  };
  const request = (id: string, zones: unknown) =>
    apiAt(stack.apiUrl).post(`/jobs/${id}/zones`, { zones });

  it('has each track once in a zone that is the whole frame, for as long as it lasts', async () => {
    const { events } = await json<ZoneReport>(request(TRACKED, [WHOLE]));
    const expected = tracked.tracks!.map(({ id, from_ms, to_ms }) => [id, from_ms, to_ms]);
    const seen = tracked.tracks!.map(({ id }) => {
      const [first, last, ...others] = events.filter(({ track_id }) => track_id === id);
      expect(first).toMatchObject({ kind: 'entered' });
      expect(last).toMatchObject({ kind: 'left' });
      expect(others).toEqual([]);
      return [id, first!.time_ms, last!.time_ms];
    });
    expect(seen).toEqual(expected);
  });

  it('is printed by a command', async () => {
    const file = join(stack.folder, 'zones.json');
    await writeFile(file, JSON.stringify([WHOLE]));
    const report = await json<ZoneReport>(request(TRACKED, [WHOLE]));
    expect(await commandOn(stack, 'zones', TRACKED, file)).toEqual(report);
  });

  it.each([
    ['a job without tracks', 'tracks-plain', [WHOLE], 400, /derive tracks-plain --tracking/],
    ['a job that does not exist', 'tracks-none', [WHOLE], 404, /no result/],
    ['no zones', TRACKED, [], 400, /zones/],
  ])('refuses %s', async (_, id, zones, status, detail) => {
    const response = await request(id, zones);
    expect(response.status).toBe(status);
    expect(JSON.stringify(await response.json())).toMatch(detail);
  });
});
