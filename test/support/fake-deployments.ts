import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/client';
import type { VidetteClientDeps } from '../../client/index.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import { createCameraKey } from '../../domain/stream/camera-seal.js';
import type { SealedScenario } from '../../domain/stream/scenario-contracts.js';
import { createMemoryDocumentStore } from './memory-document-store.js';

/** A workflow that was started. */
export interface StartedScenario {
  readonly workflowId: string;
  readonly args: readonly [SealedScenario];
  readonly memo: Readonly<Record<string, unknown>>;
}

const MANIFEST = { name: 'yolox_nano', version: 1, task: 'detect' } as ModelManifest;

/** Dependencies of deployments without servers, and the workflows that were started, all running. */
export function fakeDeployments() {
  const started: StartedScenario[] = [];
  const describe = (workflowId: string) => {
    const run = started.find((each) => each.workflowId === workflowId);
    if (!run) throw new WorkflowNotFoundError('not found', workflowId, undefined);
    return Promise.resolve({
      ...{ workflowId, runId: 'run', status: { name: 'RUNNING' }, memo: run.memo, raw: {} },
      ...{ startTime: new Date(0), typedSearchAttributes: { get: () => 'running' } },
    });
  };
  const workflow = {
    start: async (type: string, options: StartedScenario) => {
      await Promise.resolve();
      const { workflowId } = options;
      if (started.some((each) => each.workflowId === workflowId)) {
        throw new WorkflowExecutionAlreadyStartedError('exists', workflowId, type);
      }
      started.push(options);
    },
    getHandle: (workflowId: string) => ({
      describe: () => describe(workflowId),
      query: () => Promise.reject(new Error('no worker')),
    }),
  };
  const models = { resolve: () => Promise.resolve(MANIFEST), list: () => Promise.resolve([]) };
  const loadedDataConverter = { payloadCodecs: [], payloadConverter: {} };
  const withDeadline = (_: number, call: () => unknown) => call();
  const deps = {
    temporal: { workflow, withDeadline, options: { loadedDataConverter } },
    ...{ models, documents: createMemoryDocumentStore(), cameraKey: createCameraKey() },
    defaultFps: 3,
  } as unknown as VidetteClientDeps; // the parts that a deployment uses
  return { deps, started };
}
