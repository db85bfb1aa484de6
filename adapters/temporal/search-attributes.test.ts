import { describe, expect, it } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../domain/search-attributes.js';
import { ensureSearchAttributes, missingSearchAttributes } from './search-attributes.js';

const [KEYWORD, INT, KEYWORD_LIST] = [2, 3, 7];
const REQUIRED = {
  ...{ EventId: KEYWORD, VideoId: KEYWORD, JobStatus: KEYWORD, ModelName: KEYWORD },
  Batch: KEYWORD,
};
const OF_RESULTS = { Classes: KEYWORD_LIST, Frames: INT, Skipped: INT, Objects: INT };
const OTHERS = { RerunOf: KEYWORD, StreamState: KEYWORD };
const ALL = { ...REQUIRED, ...OTHERS, ...OF_RESULTS };

type Operator = Parameters<typeof ensureSearchAttributes>[0];

/** Temporal with some search attributes. @param room maximum number of attributes. */
function temporalWith(customAttributes: Record<string, number>, room = 20) {
  const registered = { ...customAttributes };
  const operatorService = {
    listSearchAttributes: () => Promise.resolve({ customAttributes: { ...registered } }),
    addSearchAttributes: ({ searchAttributes }: { searchAttributes: Record<string, number> }) => {
      const size = Object.keys({ ...registered, ...searchAttributes }).length;
      if (size > room) return Promise.reject(new Error('no room'));
      return Promise.resolve({ ...Object.assign(registered, searchAttributes) });
    },
  };
  // The requests that are sent.
  return { connection: { operatorService } as unknown as Operator, registered };
}

describe('ensureSearchAttributes', () => {
  it.each([{}, REQUIRED, { ...REQUIRED, Frames: INT }])('adds those that %j lacks', async (had) => {
    const { connection, registered } = temporalWith(had);
    await ensureSearchAttributes(connection, 'default');
    expect(registered).toEqual(ALL);
    expect(await missingSearchAttributes(connection, 'default')).toEqual([]);
  });

  it('leaves out optional ones if there is no room, and only those', async () => {
    const { connection, registered } = temporalWith({}, 8);
    await ensureSearchAttributes(connection, 'default');
    expect(registered).toEqual({ ...REQUIRED, ...OTHERS });
    const { classes, frames, skipped, objects } = SEARCH_ATTRIBUTES;
    const missing = await missingSearchAttributes(connection, 'default');
    expect(missing).toEqual([classes, frames, skipped, objects]);
    const { connection: small, registered: few } = temporalWith({}, 5);
    await ensureSearchAttributes(small, 'default');
    expect(few).toEqual(REQUIRED);
    const full = ensureSearchAttributes(temporalWith({}, 3).connection, 'default');
    await expect(full).rejects.toThrow('no room');
  });

  it('counts one with another type as missing, and rejects it if jobs require it', async () => {
    const { connection } = temporalWith({ ...ALL, Frames: KEYWORD });
    const missing = await missingSearchAttributes(connection, 'default');
    expect(missing).toEqual([SEARCH_ATTRIBUTES.frames]);
    const rejected = ensureSearchAttributes(temporalWith({ EventId: INT }).connection, 'videos');
    await expect(rejected).rejects.toThrow('EventId of the namespace videos has another type');
  });
});
