import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { hasCode } from '../domain/errors.js';
import type { ModelManifest } from '../domain/model/model-manifest.js';
import type { ModelOutput } from '../domain/model/model-output.js';
import { BUCKETS, keys } from '../domain/names.js';
import { SEARCH_ATTRIBUTES, type SearchAttribute } from '../domain/search-attributes.js';
import type { ModelRegistry } from '../domain/ports/model-registry.js';
import type { OpenedEvent } from '../domain/job/activity-contracts.js';
import { createMemoryDocumentStore } from '../test/support/memory-document-store.js';
import { createMemoryObjectStore } from '../test/support/memory-object-store.js';
import { modelManifest } from '../test/support/model-manifests.js';
import { openEvent, type OpenEventDeps } from './open-event.js';

const YOLO = { family: 'yolov8', orientation: 'columns', coordinates: 'pixels' } as const;
const MASKS = { tensor: 'output1', coefficients: 32 };

const manifestOf = (name: string, task: ModelManifest['task'], output: ModelOutput) =>
  modelManifest({ name, task, output });

const MODELS = [
  manifestOf('flowers', 'classify', { family: 'classifier', activation: 'softmax' }),
  manifestOf('cars', 'detect', YOLO),
  manifestOf('parts', 'segment', { ...YOLO, masks: MASKS }),
];

const BEING_DELETED = { jobRuns: { isBeingDeleted: () => Promise.resolve(true) } };

/** Runs the activity with a catalogue of one model per task. */
async function open(model: string, defaultModel?: string, changes: Partial<OpenEventDeps> = {}) {
  const objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.videos);
  await objects.put(BUCKETS.videos, keys.video('clip'), 'a video');
  const documents = createMemoryDocumentStore();
  const models: Pick<ModelRegistry, 'resolve' | 'list'> = {
    resolve: (spec) => Promise.resolve(MODELS.find(({ name }) => name === spec)!),
    list: () => Promise.resolve(MODELS),
  };
  const deps = {
    objects,
    documents,
    // The methods that the activity uses.
    models: models as ModelRegistry,
    workers: { isPolling: () => Promise.resolve(false) },
    jobRuns: { isBeingDeleted: () => Promise.resolve(false) },
    defaultModel,
    classIdsOf: () => new Set<number>(),
    window: 4,
    missingSearchAttributes: () => Promise.resolve([]),
    ...changes,
  };
  const environment = new MockActivityEnvironment(
    { workflowExecution: { workflowId: 'video-detection/e1', runId: 'a-later-run' } },
    { logger: new DefaultLogger('ERROR') },
  );
  const request = { video_id: 'clip', ...(defaultModel === undefined && { model }) };
  const opened: Promise<OpenedEvent> = environment.run(openEvent, deps, {
    request,
    first_run_id: 'a-run',
  });
  return { opened, documents };
}

describe('openEvent', () => {
  it.each(['cars', 'parts'])(
    'opens a job with the model %s, which finds objects',
    async (model) => {
      const { opened, documents } = await open(model);
      expect((await opened).model).toMatchObject({ name: model, version: 1 });
      expect(await documents.findEvent('e1')).toMatchObject({ run_id: 'a-run' });
    },
  );

  it('reuses a finished job only while its result is stored', async () => {
    const documents = createMemoryDocumentStore();
    const first = await open('cars', undefined, { documents });
    await first.opened;
    await documents.updateEvent('e1', 'a-run', { status: 'ready' });
    const objects = createMemoryObjectStore();
    await objects.ensureBucket(BUCKETS.videos);
    await objects.put(BUCKETS.videos, keys.video('clip'), 'a video');
    const again = await (await open('cars', undefined, { documents, objects })).opened;
    expect(again.finished).toBeUndefined();
    expect(await documents.findEvent('e1')).toMatchObject({ status: 'processing' });
    await documents.updateEvent('e1', 'a-run', { status: 'ready' });
    await objects.ensureBucket(BUCKETS.results);
    await objects.put(BUCKETS.results, keys.result('e1'), '{}');
    const kept = await (await open('cars', undefined, { documents, objects })).opened;
    expect(kept.finished).toMatchObject({ event_id: 'e1', status: 'ready' });
  });

  it('waits while the job with its id is being deleted', async () => {
    const { opened, documents } = await open('cars', undefined, BEING_DELETED);
    const error: unknown = await opened.catch((cause: unknown) => cause);
    expect(error).toMatchObject({ code: 'JOB_BEING_DELETED', retryable: true });
    expect(await documents.findEvent('e1')).toBeUndefined();
  });

  it.each([undefined, 'flowers'])(
    'refuses a model that classifies once and for all, and names those that detect (default: %s)',
    async (defaultModel) => {
      const { opened, documents } = await open('flowers', defaultModel);
      const error: unknown = await opened.catch((cause: unknown) => cause);
      expect(hasCode(error, 'INVALID_INPUT')).toBe(true);
      expect(error).toMatchObject({ retryable: false });
      expect(String(error)).toContain('flowers@1 classifies images');
      expect(String(error)).toContain('Models that detect: cars@1, parts@1.');
      expect(await documents.listEvents({ limit: 1 })).toEqual([]);
    },
  );

  it('lets the workflow set the optional search attributes that Temporal has', async () => {
    const { classes, frames, rerunOf, videoId } = SEARCH_ATTRIBUTES;
    const indexes = async (changes: Partial<OpenEventDeps>) => {
      const { opened } = await open('cars', undefined, changes);
      const { indexes_result = false, indexes_rerun = false } = await opened;
      return { indexes_result, indexes_rerun };
    };
    const missing = (...names: readonly SearchAttribute[]) => ({
      missingSearchAttributes: () => Promise.resolve(names),
    });
    const all = { indexes_result: true, indexes_rerun: true };
    const none = { indexes_result: false, indexes_rerun: false };
    expect(await indexes({})).toEqual(all);
    expect(await indexes(missing(videoId))).toEqual(all);
    expect(await indexes(missing(classes, frames))).toEqual({ ...all, indexes_result: false });
    expect(await indexes(missing(rerunOf))).toEqual({ ...all, indexes_rerun: false });
    const denied = () => Promise.reject(new Error('permission denied'));
    expect(await indexes({ missingSearchAttributes: denied })).toEqual(none);
    expect(await indexes({ payloadsEncrypted: true })).toEqual(none);
  });
});
