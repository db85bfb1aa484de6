import { describe, expect, it } from 'vitest';
import { createMockModel } from '../../models/mock/mock-model.js';
import { imageBatchIdOf, imageSourceOf, parseImageBatchRequest } from './batch-request.js';
import { expectSameBatch, newImageBatch } from './new-batch.js';

const REQUEST = { bucket: 'incoming', prefix: 'day/', model: 'fish' };
const model = { ...createMockModel().manifest, version: 1 };
const REF = { name: 'fish', version: 4, sha256: 'a'.repeat(64) };

describe('a request for a batch of images', () => {
  it('gets the defaults', () => {
    const input = parseImageBatchRequest(REQUEST);
    expect(input).toEqual({ ...REQUEST, conf: 0.25, table: 'jsonl.gz', max_failed: 0.05 });
    expect(imageSourceOf(input)).toEqual({ bucket: 'incoming', prefix: 'day/' });
    const zip = parseImageBatchRequest({ bucket: 'incoming', zip: 'a.zip', model: 'fish' });
    expect(imageSourceOf(zip)).toEqual({ bucket: 'incoming', zip: 'a.zip' });
  });

  it.each([
    [{ ...REQUEST, zip: 'a.zip' }, 'expected one of prefix, zip, list'],
    [{ bucket: 'incoming', model: 'fish' }, 'expected one of prefix, zip, list'],
    [{ ...REQUEST, prefix: '' }, 'prefix: '],
    [{ ...REQUEST, bucket: '10.0.0.1' }, 'bucket: expected a bucket name'],
    [{ ...REQUEST, table: 'xlsx' }, 'table: '],
    [{ ...REQUEST, max_failed: 2 }, 'max_failed: expected at most 1, received 2'],
    [{ ...REQUEST, batch_id: '../x' }, 'batch_id: '],
    [{ ...REQUEST, every: 5 }, 'every'],
    [null, 'Invalid batch of images'],
  ])('is rejected as %j', (request, message) => {
    expect(() => parseImageBatchRequest(request)).toThrow(message);
  });
});

describe('the id of a batch', () => {
  const idOf = (change: object) =>
    imageBatchIdOf({ source: { bucket: 'b', prefix: 'p/' }, conf: 0.25, ...change }, model);

  it('depends on source, confidence and model', () => {
    const id = idOf({});
    expect(id).toMatch(/^images-[0-9a-f]{12}$/);
    expect(idOf({})).toBe(id);
    expect(idOf({ conf: 0.5 })).not.toBe(id);
    expect(idOf({ source: { bucket: 'b', zip: 'p/' } })).not.toBe(id);
    const source = { bucket: 'b', prefix: 'p/' };
    expect(imageBatchIdOf({ source, conf: 0.25 }, { ...model, version: 2 })).not.toBe(id);
  });
});

describe('a batch that exists', () => {
  const batch = newImageBatch(parseImageBatchRequest(REQUEST), 'b1', REF);

  it('continues with another format and limit', () => {
    const other = { ...REQUEST, table: 'csv', max_failed: 1 };
    const again = newImageBatch(parseImageBatchRequest(other), 'b1', REF);
    expect(() => expectSameBatch(batch, again)).not.toThrow();
  });

  it.each([
    ['images', { ...REQUEST, prefix: 'night/' }, REF],
    ['confidence', { ...REQUEST, conf: 0.5 }, REF],
    ['model', REQUEST, { ...REF, sha256: 'b'.repeat(64) }],
  ])('is not continued with another %s', (_what, request, ref) => {
    const other = newImageBatch(parseImageBatchRequest(request), 'b1', ref);
    expect(() => expectSameBatch(batch, other)).toThrow('Batch b1 has other images');
  });
});
