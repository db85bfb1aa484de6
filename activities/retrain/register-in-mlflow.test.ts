import { MockActivityEnvironment } from '@temporalio/testing';
import { beforeEach, describe, expect, it } from 'vitest';
import { BUCKETS, keys } from '../../domain/names.js';
import type { RegisteredModel } from '../../domain/ports/model-registrar.js';
import type { CloseRetrainInput } from '../../domain/retrain/retrain.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { modelManifest } from '../../test/support/model-manifests.js';
import { registerInMlflow } from './register-in-mlflow.js';

const hash = 'a'.repeat(64);
const { version: _version, ...MANIFEST } = modelManifest({ labels: ['bass', 'carp'] });
const REPORT = keys.retrainReport('fish-1');
const score = (value: number) => ({ value, calibration_error: 0.1, classes: {}, ms_per_image: 1 });
const input: CloseRetrainInput = {
  retrain_id: 'fish-1',
  base: { name: 'fish', version: 3, sha256: hash },
  dataset: { name: 'fish', version: 2, bucket: 'datasets', key: 'k', sha256: hash },
  trained: {
    ...{ key: 'training/fish-1/model.onnx', sha256: hash, size_bytes: 5 },
    ...{ manifest: MANIFEST, metrics: { loss: 0.2, empty: null } },
  },
  judged: {
    comparison: {
      ...{ images: 120, champion: score(0.9), challenger: score(0.93) },
      difference: { value: 0.03, low: 0.01, high: 0.05 },
    },
    verdict: { gate: 'pass', reasons: [] },
  },
  version: 4,
  decision: { promote: false, by: 'anna', reason: null },
};

let registered: RegisteredModel[];
let read: string[];
let objects: ReturnType<typeof createMemoryObjectStore>;
beforeEach(async () => {
  [registered, read, objects] = [[], [], createMemoryObjectStore()];
  await objects.ensureBucket(BUCKETS.results);
  await objects.put(BUCKETS.results, REPORT, '{"version":4}');
});

function register(change: Partial<CloseRetrainInput>, hasMlflow = true) {
  const deps = {
    objects: {
      ...objects,
      getFile: (_: string, key: string) => {
        read.push(key);
        return Promise.resolve();
      },
    },
    scratch: { attempt: <T>(_: number, work: (folder: string) => Promise<T>) => work('/scratch') },
    registrar: hasMlflow
      ? {
          register: (model: RegisteredModel) => {
            registered.push(model);
            return Promise.resolve({ version: 7 });
          },
        }
      : undefined,
  };
  return new MockActivityEnvironment().run(registerInMlflow, deps, { ...input, ...change });
}

describe('registerInMlflow', () => {
  it('registers a challenger with its labels and scores', async () => {
    expect(await register({})).toEqual({ version: 7 });
    expect(read).toEqual(['training/fish-1/model.onnx']);
    expect(registered).toEqual([
      {
        ...{ name: 'fish', id: 'fish-1', path: '/scratch/model.onnx', labels: ['bass', 'carp'] },
        metrics: { loss: 0.2, test_images: 120, test_champion: 0.9, test_challenger: 0.93 },
        params: { base: 'fish@3', dataset: 'fish@2', dataset_sha256: hash, decided_by: 'anna' },
        tags: { 'vidette.sha256': hash, 'vidette.version': '4' },
        aliases: ['challenger'],
      },
    ]);
  });

  it('adds the version to the report, if it is stored', async () => {
    await register({});
    const report = await objects.get(BUCKETS.results, REPORT);
    expect(JSON.parse(report.toString())).toEqual({ version: 4, mlflow_version: 7 });
    await objects.remove(BUCKETS.results, REPORT);
    expect(await register({})).toEqual({ version: 7 });
    expect(await objects.find(BUCKETS.results, REPORT)).toBeUndefined();
  });

  it('makes a promoted challenger the champion', async () => {
    await register({ decision: { promote: true, by: 'rule', reason: null } });
    expect(registered[0]!.aliases).toEqual(['challenger', 'champion']);
  });

  it('registers nothing without MLflow, or if the challenger was not published', async () => {
    expect(await register({}, false)).toBeNull();
    expect(await register({ version: null })).toBeNull();
    expect(registered).toEqual([]);
  });
});
