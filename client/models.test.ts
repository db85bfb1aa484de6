import { describe, expect, it } from 'vitest';
import { AppError } from '../domain/errors.js';
import type { ModelManifest } from '../domain/model/model-manifest.js';
import { listModels } from './models.js';

const manifest = (name: string, version: number) =>
  ({
    ...{ name, version, sha256: 'ab', size_bytes: 7, task: 'detect' },
    ...{ labels: ['person'], licence: 'MIT', source: 'best.onnx', input: {}, output: {} },
  }) as unknown as ModelManifest; // the list reads no other fields

const CATALOGUE = [manifest('b', 1), manifest('a', 2), manifest('a', 10), manifest('a', 1)];

const models = (found: ModelManifest | undefined) => ({
  list: () => Promise.resolve([...CATALOGUE]),
  resolve: () =>
    found ? Promise.resolve(found) : Promise.reject(new AppError('MODEL_NOT_FOUND', 'none')),
  aliases: { list: () => Promise.resolve([]) },
});

const namesOf = (page: Awaited<ReturnType<typeof listModels>>) =>
  page.models.map(({ name, version }) => `${name}@${version}`);

describe('the list of models', () => {
  it('has each version once over its pages, the newest of a name first', async () => {
    const deps = { models: models(CATALOGUE[0]) };
    const first = await listModels(deps, { limit: 3 });
    expect([namesOf(first), first.next]).toEqual([['a@10', 'a@2', 'a@1'], 'a@1']);
    const second = await listModels(deps, { limit: 3, cursor: first.next! });
    expect([namesOf(second), second.next]).toEqual([['b@1'], null]);
  });

  it('marks the default of jobs, and has its classes and licence', async () => {
    const { models: found } = await listModels({ models: models(CATALOGUE[1]) });
    expect(found.filter(({ is_default }) => is_default)).toEqual([
      {
        ...{ name: 'a', version: 2, sha256: 'ab', size_bytes: 7, task: 'detect' },
        ...{ classes: ['person'], licence: 'MIT', source: 'best.onnx' },
        ...{ is_default: true, aliases: [] },
      },
    ]);
  });

  it('has no default if the catalogue lacks the configured model', async () => {
    const { models: found } = await listModels({ models: models(undefined), defaultModel: 'gone' });
    expect(found.some(({ is_default }) => is_default)).toBe(false);
  });

  it.each(['a', 'a@0', '@1', '../a@1'])('rejects the cursor %j', async (cursor) => {
    await expect(listModels({ models: models(undefined) }, { cursor })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});
