import { expect, it } from 'vitest';
import { modelManifest } from '../../test/support/model-manifests.js';
import { parseRescoreRequest, rescoreIdOf } from './rescore-request.js';

const REQUEST = { model: 'fish@4', of: 'fish@3', since: '2026-11-16T00:00:00Z' };

it('fills in the defaults', () => {
  expect(parseRescoreRequest(REQUEST)).toEqual({ ...REQUEST, conf: 0.25 });
});

it.each([
  [{ ...REQUEST, of: 'fish@champion' }, 'of: expected a model as name or name@version'],
  [{ ...REQUEST, until: REQUEST.since }, 'until: expected a time after since'],
  [{ ...REQUEST, include: [] }, 'include'],
  [{ ...REQUEST, rescore_id: 'a'.repeat(101) }, 'rescore_id'],
  [{ ...REQUEST, limit: 1 }, 'limit'],
])('rejects %j', (request, named) => {
  expect(() => parseRescoreRequest(request)).toThrow(named);
});

it('derives the id from everything that is compared', () => {
  const request = { ...parseRescoreRequest(REQUEST), until: '2026-11-23T00:00:00Z' };
  const model = modelManifest({ name: 'fish', version: 4 });
  const id = rescoreIdOf(request, model);
  expect(id).toMatch(/^rescore-[0-9a-f]{12}$/);
  expect(rescoreIdOf({ ...request }, model)).toBe(id);
  expect(rescoreIdOf({ ...request, conf: 0.5 }, model)).not.toBe(id);
  expect(rescoreIdOf(request, { ...model, sha256: 'b'.repeat(64) })).not.toBe(id);
});
