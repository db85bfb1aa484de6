import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { createPayloadCodec } from './payload-codec.js';
import type { PayloadKey } from './payload-keys.js';

const key = (id: string, fill: number): PayloadKey => ({ id, bytes: Buffer.alloc(32, fill) });
const SECRET = { video_id: 'planted-secret', classes: ['person'] };

const plain = (value: unknown): Payload => defaultPayloadConverter.toPayload(value);
const valueOf = (payload: Payload): unknown => defaultPayloadConverter.fromPayload(payload);
const textOf = ({ metadata, data }: Payload): string =>
  [...Object.values(metadata ?? {}), data ?? []].map((part) => Buffer.from(part)).join();

/** A payload with one byte of its data changed. */
function tampered({ metadata, data }: Payload, at: number): Payload {
  const changed = Buffer.from(data!);
  changed[at < 0 ? changed.length + at : at]! ^= 1;
  return { metadata, data: changed };
}

describe('the payload codec', () => {
  const codec = createPayloadCodec([key('new', 1), key('old', 2)]);

  it.each([
    ['an object', SECRET],
    ['a text', ''],
    ['nothing', undefined],
    ['bytes', Uint8Array.of(0)],
  ])('gives back %s', async (_, value) => {
    const [encrypted] = await codec.encode([plain(value)]);
    const [opened] = await codec.decode([encrypted!]);
    expect(valueOf(opened!)).toEqual(value);
  });

  it('shows nothing of what it holds, and never the same twice', async () => {
    const [first, second] = await codec.encode([plain(SECRET), plain(SECRET)]);
    expect(textOf(first!)).not.toMatch(/planted|person|json/);
    expect(Buffer.from(first!.data!).equals(Buffer.from(second!.data!))).toBe(false);
    expect(textOf(first!)).toMatch(/^binary\/encrypted,new,/);
  });

  it.each([
    ['the nonce', 0],
    ['the ciphertext', 13],
    ['the tag', -1],
  ])('refuses a payload with another %s', async (_, at) => {
    const [encrypted] = await codec.encode([plain(SECRET)]);
    await expect(codec.decode([tampered(encrypted!, at)])).rejects.toThrow(/it was changed/);
  });

  it.each([0, 11, 12, 27])('refuses a payload cut to %d bytes', async (length) => {
    const [{ metadata, data } = {}] = await codec.encode([plain(SECRET)]);
    const cut = { metadata, data: Buffer.from(data!).subarray(0, length) };
    await expect(codec.decode([cut])).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('reads what an older key encrypted, and encrypts with the first', async () => {
    const [old] = await createPayloadCodec([key('old', 2)]).encode([plain(SECRET)]);
    const [opened] = await codec.decode([old!]);
    expect(valueOf(opened!)).toEqual(SECRET);
    const [encrypted] = await codec.encode([plain(SECRET)]);
    await expect(createPayloadCodec([key('old', 2)]).decode([encrypted!])).rejects.toThrow(
      /the key "new", which is not configured/,
    );
  });

  it('refuses another key of the same id', async () => {
    const [encrypted] = await createPayloadCodec([key('new', 9)]).encode([plain(SECRET)]);
    await expect(codec.decode([encrypted!])).rejects.toThrow(/another one of this id/);
  });

  it('reads payloads of the time before it', async () => {
    expect(await codec.decode([plain(SECRET), {}])).toEqual([plain(SECRET), {}]);
    expect(await codec.decode([])).toEqual([]);
  });

  it('needs a key', () => {
    expect(() => createPayloadCodec([])).toThrow(/needs a key/);
  });
});
