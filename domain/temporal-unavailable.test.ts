import { describe, expect, it } from 'vitest';
import { callTemporal, isTemporalUnavailable, iterateTemporal } from './temporal-unavailable.js';

const grpc = (code: number) =>
  Object.assign(new Error('from gRPC'), { code, details: '', metadata: {} });
const client = { connection: { options: { address: 'localhost:7233' } } };
const translated = {
  code: 'SERVER_UNAVAILABLE',
  facts: { server: 'Temporal', endpoint: 'localhost:7233' },
};

describe('isTemporalUnavailable', () => {
  it.each<[string, unknown, boolean]>([
    ['DEADLINE_EXCEEDED', grpc(4), true],
    ['UNAVAILABLE', grpc(14), true],
    ['UNAVAILABLE behind a cause', new Error('x', { cause: grpc(14) }), true],
    ['NOT_FOUND', grpc(5), false],
    ['a code of another library', Object.assign(new Error('x'), { code: 14 }), false],
    ['a network code', Object.assign(new Error('x'), { code: 'ECONNREFUSED' }), false],
    ['a thrown string', 'UNAVAILABLE', false],
  ])('%s', (_, error, expected) => {
    expect(isTemporalUnavailable(error)).toBe(expected);
  });
});

it('translates a gRPC error of a server that does not answer', async () => {
  const error = grpc(14);
  const call = callTemporal(client, () => Promise.reject(error));
  await expect(call).rejects.toMatchObject({ ...translated, cause: error });
});

it('translates the error of a list once', async () => {
  async function* list() {
    yield 1;
    await callTemporal(client, () => Promise.reject(grpc(14)));
  }
  const read = async () => {
    const found: number[] = [];
    for await (const each of iterateTemporal(client, list())) found.push(each);
  };
  await expect(read()).rejects.toMatchObject({ ...translated, cause: { code: 14 } });
});

it('leaves other errors unchanged', async () => {
  const error = grpc(5);
  await expect(callTemporal(client, () => Promise.reject(error))).rejects.toBe(error);
});
