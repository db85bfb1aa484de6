import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../domain/errors.js';
import type { ModelManifest } from '../domain/model/model-manifest.js';
import { BUCKETS, keys } from '../domain/names.js';
import { type StoredModels, storedModels } from '../test/support/stored-models.js';
import { createModels, type Models } from './model-aliases.js';
import { listModels } from './models.js';

let stored: StoredModels;
let models: Models;
/** Versions that were run. */
let checked: number[];
/** Version that cannot run. */
let broken: number | undefined;

beforeEach(async () => {
  stored = await storedModels(5);
  [checked, broken] = [[], undefined];
  models = createModels({ models: stored.registry, checkModel });
});

async function checkModel({ version }: ModelManifest): Promise<void> {
  await Promise.resolve();
  checked.push(version);
  if (version === broken) throw new AppError('MODEL_INVALID', 'It crashed.');
}

const promote = (version: number) => models.promote('fish', { version, by: 'anna' });
const rollback = (from?: number) => models.rollback('fish', { by: 'ben', reason: 'worse', from });
const championOf = async () => (await stored.registry.resolve('fish@champion')).version;
const historyOf = async () =>
  (await models.history('fish')).changes.map(({ action, version }) => `${action} ${version}`);

describe('setAlias', () => {
  it('refers to a version that has run', async () => {
    const options = { version: 2, by: 'anna', reason: ' for the night ' };
    expect(await models.setAlias('fish', 'night', options)).toMatchObject({
      ...{ name: 'fish', alias: 'night', action: 'set', version: 2, previous: null },
      ...{ by: 'anna', reason: 'for the night' },
    });
    expect(checked).toEqual([2]);
    expect(await models.aliases('fish')).toMatchObject([{ alias: 'night', version: 2 }]);
  });

  it.each([
    ['a reserved name', 'latest', { version: 1, by: 'a' }, 'INVALID_INPUT', 'reads as a version'],
    ['no user', 'night', { version: 1, by: '' }, 'INVALID_INPUT', 'by:'],
    ['an unknown version', 'night', { version: 9, by: 'a' }, 'MODEL_NOT_FOUND', 'fish@9'],
  ])('rejects %s', async (_name, alias, options, code, message) => {
    const changed = models.setAlias('fish', alias, options);
    await expect(changed).rejects.toMatchObject({ code });
    await expect(changed).rejects.toThrow(message);
  });

  it('rejects a version that cannot run, or whose file is damaged', async () => {
    await promote(3);
    broken = 4;
    await expect(promote(4)).rejects.toThrow('It crashed.');
    await stored.store.put(BUCKETS.models, keys.model('fish', 5), 'damaged!!');
    await expect(promote(5)).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
    expect(await championOf()).toBe(3);
    expect(await historyOf()).toEqual(['promote 3']);
  });
});

describe('promote and rollback', () => {
  it('move the champion, and back', async () => {
    await promote(3);
    await promote(4);
    expect((await stored.registry.resolve('fish@previous')).version).toBe(3);
    expect(await rollback()).toMatchObject({ version: 3, by: 'ben', reason: 'worse' });
    expect(await championOf()).toBe(3);
    expect((await stored.registry.resolve('fish@previous')).version).toBe(4);
    expect(await historyOf()).toEqual(['rollback 3', 'promote 4', 'promote 3']);
  });

  it('roll back once for a repeated request that names the champion', async () => {
    await promote(3);
    await promote(4);
    const first = await rollback(4);
    expect(await rollback(4)).toEqual(first);
    expect(await championOf()).toBe(3);
  });

  it('do not roll back another champion than the named one', async () => {
    await promote(3);
    await promote(4);
    await expect(rollback(3)).rejects.toMatchObject({ code: 'ALIAS_CHANGED' });
    expect(await championOf()).toBe(4);
  });

  it('do not roll back a champion that was promoted in the meantime', async () => {
    await promote(3);
    await promote(4);
    const racing = createModels({
      models: stored.registry,
      checkModel: async () => void (await promote(5)),
    });
    const changed = racing.rollback('fish', { by: 'ben' });
    await expect(changed).rejects.toMatchObject({ code: 'ALIAS_CHANGED' });
    expect(await championOf()).toBe(5);
  });

  it('need a previous champion that exists', async () => {
    await expect(rollback()).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    await promote(3);
    await expect(rollback()).rejects.toThrow('no previous champion');
    await promote(4);
    await stored.registry.remove({ name: 'fish', version: 3 });
    await expect(rollback()).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    expect(await championOf()).toBe(4);
  });
});

describe('lists', () => {
  it('are empty for a model without aliases, and rejected for an unknown one', async () => {
    expect(await models.aliases('fish')).toEqual([]);
    expect(await models.history('fish')).toEqual({ changes: [], next: null });
    for (const list of ['aliases', 'history'] as const) {
      await expect(models[list]('bird')).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
      await expect(models[list]('../x')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    }
  });

  it('of the history have pages', async () => {
    for (const version of [1, 2, 3]) await promote(version);
    const { changes, next } = await models.history('fish', { limit: 2 });
    expect(changes).toMatchObject([{ version: 3 }, { version: 2 }]);
    const rest = await models.history('fish', { limit: 2, cursor: next! });
    expect(rest).toMatchObject({ changes: [{ version: 1 }], next: null });
    await expect(models.history('fish', { cursor: '../x' })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });

  it('of models have the aliases of each version', async () => {
    await promote(3);
    await promote(4);
    await models.setAlias('fish', 'night', { version: 4, by: 'anna' });
    const { models: listed } = await listModels({ models: stored.registry });
    const aliases = listed.map(({ version, aliases }) => [version, aliases]);
    expect(aliases).toEqual([
      [5, []],
      [4, ['champion', 'night']],
      [3, ['previous']],
      [2, []],
      [1, []],
    ]);
  });
});
