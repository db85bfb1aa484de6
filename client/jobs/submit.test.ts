import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import { BUCKETS } from '../../domain/names.js';
import type { DatasetStore } from '../../domain/ports/dataset-store.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import { classIdsOf } from '../../models/class-ids.js';
import { createMemoryDocumentStore } from '../../test/support/memory-document-store.js';
import { createMemoryObjectStore } from '../../test/support/memory-object-store.js';
import { AppError } from '../../domain/errors.js';
import type { VidetteClientDeps } from '../deps.js';
import type { SubmitOptions, VideoInput } from '../types.js';
import { submit } from './submit.js';

let folder: string;
let file: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-submit-'));
  file = join(folder, 'street.mp4');
  await writeFile(file, 'a video');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Submits with a catalogue of one model; returns the error, and what was ingested before it. */
async function submitTo(video: VideoInput, options: SubmitOptions) {
  const objects = createMemoryObjectStore();
  await objects.ensureBucket(BUCKETS.videos);
  const cars = { name: 'cars', version: 1, task: 'detect', labels: ['car'] } as unknown;
  const models: Pick<ModelRegistry, 'resolve' | 'list'> = {
    resolve: (spec) =>
      spec === 'cars'
        ? Promise.resolve(cars as ModelManifest) // the fields that a submission reads
        : Promise.reject(new AppError('MODEL_NOT_FOUND', `No model ${spec}.`)),
    list: () => Promise.resolve([]),
  };
  const steps: string[] = [];
  const deps: VidetteClientDeps = {
    temporal: {} as Client, // not reached
    objects,
    models: models as ModelRegistry, // the methods that a submission uses
    documents: createMemoryDocumentStore(),
    datasets: {} as DatasetStore, // not used
    checkClasses: (manifest, classes) => void classIdsOf(manifest, classes),
    download: () => Promise.reject(new Error('downloaded')),
  };
  const all: SubmitOptions = { ...options, onIngest: ({ step }) => steps.push(step) };
  const error: unknown = await submit(deps, video, all).catch((cause: unknown) => cause);
  const stored: string[] = [];
  for await (const key of objects.list(BUCKETS.videos, '')) stored.push(key);
  return { error, steps, stored };
}

describe('submit', () => {
  it.each<[what: string, options: SubmitOptions, code: string]>([
    ['an unknown model', { model: 'bikes' }, 'MODEL_NOT_FOUND'],
    ['a class that the model lacks', { model: 'cars', classes: ['dog'] }, 'INVALID_INPUT'],
    ['a number outside its limits', { model: 'cars', conf: 2 }, 'INVALID_INPUT'],
  ])('ingests nothing for %s', async (_, options, code) => {
    const ofFile = await submitTo({ path: file }, options);
    expect(ofFile).toMatchObject({ error: { code }, steps: [], stored: [] });
    const ofUrl = await submitTo({ url: 'https://videos.example/a.mp4' }, options);
    expect(ofUrl).toMatchObject({ error: { code }, steps: [], stored: [] });
  });

  it('ingests the video if model and options are valid', async () => {
    const { error } = await submitTo({ url: 'https://videos.example/a.mp4' }, { model: 'cars' });
    expect(error).toEqual(new Error('downloaded'));
  });
});
