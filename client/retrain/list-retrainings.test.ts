import { type Client, WorkflowNotFoundError } from '@temporalio/client';
import { expect, it } from 'vitest';
import { NEW_RETRAIN, type RetrainProgress } from '../../domain/retrain/retrain.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { listRetrainings, type RetrainingsFilter } from './list-retrainings.js';

const dataset = (name: string, version: number) => ({ name, version, sha256: '0'.repeat(64) });
/** Running retrainings by workflow. */
const RUNS: Readonly<Record<string, Partial<RetrainProgress>>> = {
  'retrain/fish': { dataset: dataset('fish', 3) },
  'retrain/cats': { dataset: dataset('fish', 2) },
  'retrain/birds': { dataset: null },
  // Of an earlier build, which does not report it.
  'retrain/old': { mlflow_version: undefined },
};
/** Runs that Temporal lists: of one workflow several, and one that it has deleted in the meantime. */
const LISTED = [...Object.keys(RUNS), 'retrain/gone', 'retrain/fish'];

const handleOf = (workflowId: string) => ({
  describe: () =>
    workflowId in RUNS
      ? Promise.resolve({ status: { name: 'RUNNING' }, workflowId, runId: 'r' })
      : Promise.reject(new WorkflowNotFoundError('none', workflowId, undefined)),
  query: () => {
    const payload = JSON.stringify({ ...NEW_RETRAIN, ...RUNS[workflowId] });
    return Promise.resolve(JSON.parse(payload));
  },
});
const temporal = {
  workflow: { getHandle: handleOf, list: () => LISTED.map((workflowId) => ({ workflowId })) },
  withDeadline: (_time: number, work: () => unknown) => work(),
} as unknown as Client;

async function modelsOf(filter?: RetrainingsFilter): Promise<readonly string[]> {
  const found = await listRetrainings({ temporal, objects: createMemoryObjectStore() }, filter);
  return found.map(({ model }) => model);
}

it('lists the newest retraining of each model by name', async () => {
  expect(await modelsOf()).toEqual(['birds', 'cats', 'fish', 'old']);
});

it('lists those of a model, or of a data set', async () => {
  expect(await modelsOf({ model: 'fish' })).toEqual(['fish']);
  expect(await modelsOf({ model: 'never-retrained' })).toEqual([]);
  expect(await modelsOf({ dataset: 'fish' })).toEqual(['cats', 'fish']);
  expect(await modelsOf({ dataset: 'fish@3' })).toEqual(['fish']);
});

it('completes the facts of a run of an earlier build, which does not report all', async () => {
  const objects = createMemoryObjectStore();
  const [retraining] = await listRetrainings({ temporal, objects }, { model: 'old' });
  expect(retraining).toMatchObject({ model: 'old', stage: 'opening', mlflow_version: null });
});

it('rejects an invalid data set', async () => {
  await expect(modelsOf({ dataset: 'fish@' })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
});
