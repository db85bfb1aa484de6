import { describe, expect, it } from 'vitest';
import { encryptsPayloads, readPayloads } from './temporal-payloads.js';

/** A codec that strips its mark from the end of each payload. */
const codec = (mark: string) => ({
  decode: (payloads: string[]) =>
    Promise.resolve(payloads.map((payload) => payload.replace(new RegExp(`${mark}$`), ''))),
});
const clientWith = (...payloadCodecs: ReturnType<typeof codec>[]) => ({
  options: {
    loadedDataConverter: {
      payloadCodecs,
      payloadConverter: { fromPayload: (payload: string): unknown => JSON.parse(payload) },
    },
  },
});

describe('readPayloads', () => {
  it('undoes the codecs in reverse order, then parses', async () => {
    const client = clientWith(codec('a'), codec('b'));
    expect(await readPayloads(client, ['1ab', '"x"ab'])).toEqual([1, 'x']);
  });

  it('parses the payloads of a client without codecs', async () => {
    expect(await readPayloads(clientWith(), ['1'])).toEqual([1]);
  });
});

it('encryptsPayloads reports whether the client has a codec', () => {
  expect(encryptsPayloads(clientWith(codec('a')))).toBe(true);
  expect(encryptsPayloads(clientWith())).toBe(false);
});
