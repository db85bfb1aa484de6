import { beforeEach, describe, expect, it } from 'vitest';
import { type AliasRecord, changeAlias } from '../../domain/model/model-alias.js';
import { sha256 } from '../../domain/hash.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { type StoredModels, storedModels, storeVersion } from '../../test/support/stored-models.js';
import { createModelAliases } from './model-aliases.js';

const VERSIONS = 25;
let models: StoredModels;
beforeEach(async () => {
  models = await storedModels(VERSIONS);
});

/** Moves an alias to a version. */
const to = (version: number, by = 'anna') => {
  const change = { action: 'set', by, reason: null, now: new Date() } as const;
  const pinned = { version, sha256: sha256(`version ${version}`) };
  return (current: AliasRecord | undefined) => changeAlias(current, { ...change, to: pinned });
};

const move = (version: number, alias = 'champion') =>
  models.registry.aliases.change('fish', alias, to(version));

const historyOf = async () =>
  (await models.registry.aliases.history('fish', { limit: 1000 })).changes;

describe('an alias', () => {
  it('resolves to its version, in both forms', async () => {
    await move(3);
    for (const spec of ['fish@champion', 'models:/fish@champion']) {
      expect((await models.registry.resolve(spec)).version).toBe(3);
    }
    await move(4);
    expect((await models.registry.resolve('fish@champion')).version).toBe(4);
    expect((await models.registry.resolve('fish@previous')).version).toBe(3);
    for (const spec of ['fish', 'fish@latest', 'models:/fish/latest', 'models:/fish/25']) {
      expect((await models.registry.resolve(spec)).version).toBe(VERSIONS);
    }
  });

  it('is rejected with the aliases that exist if it is unknown', async () => {
    await expect(models.registry.resolve('fish@champion')).rejects.toThrow(
      'Model fish has no alias "champion" (its aliases: none).',
    );
    await move(3);
    await move(4);
    await move(5, 'challenger');
    const resolved = models.registry.resolve('fish@night');
    await expect(resolved).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
    await expect(resolved).rejects.toThrow('(its aliases: challenger, champion, previous)');
    await expect(models.registry.resolve('bird@champion')).rejects.toThrow('No model');
  });

  it('does not resolve to another file that has the number of a removed version', async () => {
    await move(3);
    await models.registry.remove({ name: 'fish', version: 3 });
    await expect(models.registry.resolve('fish@champion')).rejects.toThrow('was removed');
    await storeVersion(models.store, 'fish', 3, 'another file');
    await expect(models.registry.resolve('fish@champion')).rejects.toThrow('was removed');
  });

  it('is listed by name; objects of versions are not affected', async () => {
    await move(3);
    await models.registry.aliases.change('bird', 'champion', to(1));
    const names = (await models.registry.aliases.list()).map(({ name, alias }) => [name, alias]);
    expect(names).toEqual([
      ['bird', 'champion'],
      ['fish', 'champion'],
    ]);
    expect(await models.registry.list()).toHaveLength(VERSIONS);
  });

  it('is reported with its object if that is damaged', async () => {
    await models.store.put(BUCKETS.models, keys.alias('fish', 'champion'), '{}');
    const resolved = models.registry.resolve('fish@champion');
    await expect(resolved).rejects.toThrow('fish/aliases/champion.json');
    await expect(resolved).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  });
});

describe('changes of an alias', () => {
  it('are in the history, the newest first, a page at a time', async () => {
    for (const version of [1, 2, 3]) await move(version);
    const { aliases } = models.registry;
    const first = await aliases.history('fish', { limit: 2 });
    expect(first.changes.map(({ version }) => version)).toEqual([3, 2]);
    const rest = await aliases.history('fish', { limit: 2, before: first.next! });
    expect(rest).toMatchObject({ changes: [{ version: 1, previous: null }], next: null });
  });

  it('change nothing, also not the history, for the same version', async () => {
    const first = await move(3);
    expect(await move(3)).toEqual(first);
    expect(await historyOf()).toEqual([first]);
  });

  it('are all applied, one after the other, if they are made at the same time', async () => {
    const versions = Array.from({ length: VERSIONS }, (_, i) => i + 1);
    await Promise.all(versions.map((version) => move(version)));
    const changes = [...(await historyOf())].reverse();
    expect(changes.map(({ version }) => version).sort((a, b) => a - b)).toEqual(versions);
    const before = changes.map(({ previous }) => previous?.version);
    expect(before).toEqual([undefined, ...changes.slice(0, -1).map(({ version }) => version)]);
    const champion = await models.registry.resolve('fish@champion');
    expect(champion.version).toBe(changes.at(-1)!.version);
  });

  it('are in the history if the process crashed after the change', async () => {
    const crashing: ObjectStore = {
      ...models.store,
      put: () => Promise.reject(new Error('crashed')),
    };
    const changed = createModelAliases(crashing).change('fish', 'champion', to(3));
    await expect(changed).rejects.toThrow('crashed');
    expect(await historyOf()).toMatchObject([{ version: 3 }]);
    await move(4);
    expect(await historyOf()).toMatchObject([{ version: 4 }, { version: 3 }]);
  });

  it('are made once if the store refuses a request whose first attempt it applied', async () => {
    const repeating: ObjectStore = {
      ...models.store,
      putIf: async (...request) => {
        await models.store.putIf(...request);
        return models.store.putIf(...request);
      },
    };
    await move(1);
    let calls = 0;
    const toggle = (current: AliasRecord | undefined) => to(++calls + 1)(current);
    await createModelAliases(repeating).change('fish', 'champion', toggle);
    expect(calls).toBe(1);
    expect((await historyOf()).map(({ version }) => version)).toEqual([2, 1]);
  });

  it('end with an error if others always come first', async () => {
    const losing: ObjectStore = { ...models.store, putIf: () => Promise.resolve(false) };
    const changed = createModelAliases(losing).change('fish', 'champion', to(3));
    await expect(changed).rejects.toMatchObject({ code: 'ALIAS_CHANGED' });
  });
});
