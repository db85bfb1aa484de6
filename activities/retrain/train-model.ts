import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { activityInfo, log } from '@temporalio/activity';
import { z } from 'zod';
import { AppError, messageOf } from '../../domain/errors.js';
import { sha256OfChunks } from '../../domain/hash.js';
import { unpublishedManifestSchema } from '../../domain/model/model-manifest.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { Scratch } from '../../domain/ports/scratch.js';
import type { TrainerRunner } from '../../domain/ports/trainer.js';
import type {
  TrainedModel,
  TrainHeartbeat,
  TrainModelInput,
  TrainModelOutput,
} from '../../domain/retrain/retrain.js';
import {
  labelsSchema,
  metricsSchema,
  TRAINING_FILES,
} from '../../domain/retrain/training-folder.js';
import { type Beat, withHeartbeat } from '../heartbeat.js';
import { removeCheckpoints, restoreCheckpoint, storeCheckpoint } from './checkpoint-store.js';
import { type TrainingFolderDeps, writeTrainingFolder } from './training-folder.js';

export interface TrainModelDeps extends TrainingFolderDeps {
  readonly scratch: Pick<Scratch, 'attempt'>;
  readonly trainers: TrainerRunner;
}

const resultSchema = z.object({
  ...{ key: z.string(), sha256: z.string(), size_bytes: z.number() },
  ...{ manifest: unpublishedManifestSchema, metrics: metricsSchema },
});

/**
 * Trains a model on a data set, from the newest checkpoint of an earlier attempt. A training that has
 * ended is not repeated.
 * @throws AppError `TRAIN_DATA`, `TRAIN_DIVERGED`, `LIMIT_EXCEEDED`, `MODEL_INVALID`.
 */
export async function trainModel(
  deps: TrainModelDeps,
  input: TrainModelInput,
): Promise<TrainModelOutput> {
  const start = performance.now();
  const { attempt } = activityInfo();
  return withHeartbeat(async (beat) => {
    const stored = await findResult(deps, input);
    const trained = stored ? { model: stored, resumed_from: null } : await train(deps, input, beat);
    const seconds = Math.round((performance.now() - start) / 100) / 10;
    const { model, resumed_from } = trained;
    log.info('model trained', { retrain_id: input.retrain_id, seconds, resumed_from });
    return { ...model, seconds, attempt, resumed_from };
  });
}

async function findResult(
  { objects }: Pick<TrainModelDeps, 'objects'>,
  { retrain_id }: TrainModelInput,
): Promise<TrainedModel | undefined> {
  const data = await objects.find(BUCKETS.results, keys.trainingResult(retrain_id));
  return data && resultSchema.parse(JSON.parse(data.toString('utf8')));
}

function train(deps: TrainModelDeps, input: TrainModelInput, beat: Beat) {
  return deps.scratch.attempt(0, async (folder) => {
    const { retrain_id, trainer, limits } = input;
    const { signal } = beat;
    const checkpoint = join(folder, TRAINING_FILES.checkpoint);
    await writeTrainingFolder(deps, input, folder, signal);
    const resumed_from = await restoreCheckpoint(deps.objects, retrain_id, checkpoint, signal);
    const attempt = randomUUID();
    let stored: string | null = null;
    log.info('training started', { retrain_id, attempt: activityInfo().attempt, resumed_from });
    await deps.trainers.run(trainer, folder, {
      ...{ signal, limits },
      onStep: (step) => beat.report({ checkpoint: stored, ...step } satisfies TrainHeartbeat),
      onCheckpoint: async (step) => {
        await storeCheckpoint(deps.objects, { retrainId: retrain_id, attempt }, checkpoint, step);
        stored = keys.checkpoint(retrain_id, attempt);
        beat.report({ checkpoint: stored, ...step } satisfies TrainHeartbeat);
      },
    });
    signal.throwIfAborted();
    return { model: await storeModel(deps, input, folder), resumed_from };
  });
}

/** Stores the model of a trainer, then its description: a training without one has not ended. */
async function storeModel(
  { objects }: TrainModelDeps,
  input: TrainModelInput,
  folder: string,
): Promise<TrainedModel> {
  const { retrain_id } = input;
  const model = await describeModel(input, folder);
  await objects.putFile(BUCKETS.results, model.key, join(folder, TRAINING_FILES.model));
  await objects.put(BUCKETS.results, keys.trainingResult(retrain_id), JSON.stringify(model));
  await removeCheckpoints(objects, retrain_id);
  return model;
}

/** @throws AppError `MODEL_INVALID` if the trainer has not written what it should. */
async function describeModel(
  { retrain_id, base, dataset }: TrainModelInput,
  folder: string,
): Promise<TrainedModel> {
  const path = join(folder, TRAINING_FILES.model);
  try {
    const parse = async (name: string): Promise<unknown> =>
      JSON.parse(await readFile(join(folder, name), 'utf8'));
    const sha256 = await sha256OfChunks(createReadStream(path));
    const { size: size_bytes } = await stat(path);
    const labels = labelsSchema.parse(await parse(TRAINING_FILES.labels));
    const metrics = metricsSchema.parse(await parse(TRAINING_FILES.metrics));
    const before = z.looseObject({}).parse(await parse(TRAINING_FILES.baseManifest));
    const {
      version: _version,
      files: _files,
      mlflow: _mlflow,
      trained: _trained,
      ...kept
    } = before;
    const source = `${base.name}@${base.version} trained with data set ${dataset.name}@${dataset.version}`;
    const manifest = unpublishedManifestSchema.parse({
      ...{ ...kept, labels, sha256, size_bytes, source },
    });
    return { key: keys.trainedModel(retrain_id), sha256, size_bytes, manifest, metrics };
  } catch (cause) {
    const message = `The trainer ended without a valid ${TRAINING_FILES.model}, ${TRAINING_FILES.labels} and ${TRAINING_FILES.metrics}: ${messageOf(cause)}`;
    throw new AppError('MODEL_INVALID', message, {}, { cause });
  }
}
