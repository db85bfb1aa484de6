import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadPayloadKeys, parsePayloadKeys } from './payload-keys.js';

const KEY = Buffer.alloc(32, 1).toString('base64');
const OTHER = Buffer.alloc(32, 2).toString('base64');

describe('parsePayloadKeys', () => {
  it.each([
    [`a:${KEY}`, ['a']],
    [`new:${KEY}, old:${OTHER}`, ['new', 'old']],
    [`new:${KEY}\nold:${OTHER}\n`, ['new', 'old']],
    [`2026-01.a_b:${KEY},`, ['2026-01.a_b']],
  ])('reads %j', (text, ids) => {
    expect(parsePayloadKeys(text).map(({ id }) => id)).toEqual(ids);
  });

  it.each([
    ['nothing', ' , '],
    ['no id', KEY],
    ['an empty id', `:${KEY}`],
    ['an id of other characters', `a b:${KEY}`],
    ['a short key', `a:${Buffer.alloc(16, 1).toString('base64')}`],
    ['a long key', `a:${Buffer.alloc(33, 1).toString('base64')}`],
    ['another encoding', `a:${'ab'.repeat(32)}`],
    ['an id twice', `a:${KEY},a:${OTHER}`],
  ])('refuses %s without showing it', (_, text) => {
    let message = '';
    try {
      parsePayloadKeys(text);
    } catch (error) {
      expect(error).toMatchObject({ code: 'INVALID_INPUT' });
      message = String(error);
    }
    expect(message).not.toBe('');
    expect(message).not.toContain(KEY.slice(0, 20));
  });
});

describe('loadPayloadKeys', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vidette-keys-'));
    await writeFile(join(folder, 'keys'), `new:${KEY}\nold:${OTHER}\n`);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('takes them from a variable, from a file, or has none', async () => {
    const file = join(folder, 'keys');
    const none = { payloadKeys: undefined, payloadKeysFile: undefined };
    expect(await loadPayloadKeys(none)).toEqual([]);
    expect(await loadPayloadKeys({ ...none, payloadKeys: `a:${KEY}` })).toHaveLength(1);
    expect(await loadPayloadKeys({ ...none, payloadKeysFile: file })).toHaveLength(2);
  });

  it.each([
    ['a file that is not there', undefined, 'nowhere', /cannot be read/],
    ['both', `a:${KEY}`, 'keys', /not both/],
  ])('refuses %s', async (_, payloadKeys, name, message) => {
    const settings = { payloadKeys, payloadKeysFile: join(folder, name) };
    await expect(loadPayloadKeys(settings)).rejects.toThrow(message);
  });
});
