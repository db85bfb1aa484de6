import { pino } from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../domain/errors.js';
import type { LocalModel } from '../../domain/ports/model-registry.js';
import { localModel } from '../../test/support/lane-jobs.js';
import { createModelsInUse, type ModelsInUse } from './models-in-use.js';

/** Version to which each spec refers; undefined for one that does not exist. */
let versions: Record<string, number | undefined>;
let prepared: string[];
let changes: string[];
/** Prepares a version. */
let prepare: (next: LocalModel) => Promise<void>;
let isAvailable: boolean;
let inUse: ModelsInUse;

const nameOf = ({ manifest }: LocalModel) => `${manifest.name}@${manifest.version}`;

beforeEach(() => {
  versions = { 'fish@champion': 3, '': 1 };
  [prepared, changes, isAvailable] = [[], [], true];
  prepare = () => Promise.resolve();
  inUse = createModelsInUse({
    models: {
      resolve: async (spec = '') => {
        await Promise.resolve();
        if (!isAvailable) throw new AppError('SERVER_UNAVAILABLE', 'away');
        const version = versions[spec];
        if (version !== undefined) return localModel('fish', version).manifest;
        throw new AppError('MODEL_NOT_FOUND', `No model ${spec}`);
      },
    },
    files: { fetch: ({ name, version }) => Promise.resolve(localModel(name, version)) },
    kept: [undefined],
    prepare: async (next, current) => {
      prepared.push(`${nameOf(current)} ${nameOf(next)}`);
      await prepare(next);
    },
    onChange: (spec, model) => changes.push(`${spec} ${nameOf(model)}`),
    logger: pino({ level: 'silent' }),
  });
});

const current = async () => nameOf(await inUse.get('fish@champion'));

describe('a model in use', () => {
  it('is replaced after its next version is prepared', async () => {
    expect(await current()).toBe('fish@3');
    versions['fish@champion'] = 4;
    expect(await current()).toBe('fish@3');
    let release = () => {};
    prepare = () => new Promise((resolve) => (release = resolve));
    const refreshed = inUse.refresh();
    await expect.poll(() => prepared).toEqual(['fish@3 fish@4']);
    expect(await current()).toBe('fish@3');
    await inUse.refresh();
    expect(prepared).toHaveLength(1);
    release();
    await refreshed;
    expect(await current()).toBe('fish@4');
    expect(changes).toEqual(['fish@champion fish@4']);
  });

  it('is not replaced by a version that cannot run', async () => {
    expect(await current()).toBe('fish@3');
    versions['fish@champion'] = 4;
    prepare = () => Promise.reject(new AppError('MODEL_INVALID', 'not a model'));
    await inUse.refresh();
    expect(await current()).toBe('fish@3');
    expect(changes).toEqual([]);
    const unusable = { version: 4, reason: 'not a model' };
    expect(inUse.unusable('fish@champion')).toEqual(unusable);
    await inUse.refresh();
    expect(prepared).toHaveLength(1);
    expect(inUse.unusable('fish@champion')).toEqual(unusable);
    versions['fish@champion'] = 5;
    prepare = () => Promise.resolve();
    await inUse.refresh();
    expect(await current()).toBe('fish@5');
    expect(inUse.unusable('fish@champion')).toBeUndefined();
  });

  it('is used while the catalogue is unavailable', async () => {
    expect(await current()).toBe('fish@3');
    isAvailable = false;
    await inUse.refresh();
    expect(await current()).toBe('fish@3');
  });

  it('is not used after it was removed', async () => {
    expect(await current()).toBe('fish@3');
    versions['fish@champion'] = undefined;
    await inUse.refresh();
    await expect(current()).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' });
  });

  it('is prepared only if its spec was used', async () => {
    versions[''] = 2;
    await inUse.refresh();
    expect(prepared).toEqual([]);
    expect(nameOf(await inUse.get(undefined))).toBe('fish@2');
  });
});
