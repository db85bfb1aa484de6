import { AppError } from '../../domain/errors.js';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import { findsObjects } from '../../domain/model/model-output.js';
import type { Connected } from '../connect.js';
import { forgetModel } from './added-folder.js';

/** Jobs that are looked through; more than run at once anywhere. */
const JOBS_MAX = 10_000;

/**
 * Takes a version out of the catalogue, and its file out of the data folder.
 * @throws AppError `INVALID_INPUT` when it is not named with its version, when a running job uses
 * it, and, without `force`, when no other network would be left.
 */
export async function removeModel(
  connected: Connected,
  spec: string,
  force: boolean,
): Promise<ModelManifest> {
  const { models, config } = connected;
  const manifest = await models.resolve(spec);
  const full = `${manifest.name}@${manifest.version}`;
  if (spec !== full) {
    throw new AppError('INVALID_INPUT', `Which version? The newest is ${full}.`);
  }
  const users = await jobsWith(connected, manifest);
  if (users.length > 0) throw inUse(full, users);
  const others = (await models.list()).filter((other) => isOther(other, manifest));
  if (others.length === 0 && !force && isTakenByDefault(manifest)) {
    throw new AppError(
      'INVALID_INPUT',
      `${full} is the only network in the catalogue that detects, and jobs that name none would fail. Remove it with --force.`,
    );
  }
  await models.remove(manifest);
  await forgetModel(config, manifest);
  return manifest;
}

function isOther(other: ModelManifest, { name, version }: ModelManifest): boolean {
  const isSame = other.name === name && other.version === version;
  return !isSame && isTakenByDefault(other);
}

function isTakenByDefault({ name, task }: ModelManifest): boolean {
  return name !== MOCK_MODEL_NAME && findsObjects(task);
}

function inUse(model: string, users: readonly string[]): AppError {
  const [first = '', ...others] = users;
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  return new AppError(
    'INVALID_INPUT',
    `${model} is used by the running job ${first}${more}. Wait for it, or stop it with "vidette cancel ${first}".`,
  );
}

/** Ids of the running jobs that use a model, or whose model is not known yet. */
async function jobsWith(
  { client, documents }: Connected,
  { name, version }: ModelManifest,
): Promise<string[]> {
  const processing = await client.jobs({ status: 'processing', limit: JOBS_MAX });
  const predictable = await client.jobs({ status: 'predictable', limit: JOBS_MAX });
  const users: string[] = [];
  for (const job of [...processing, ...predictable]) {
    if (job.workflow_id === null || (job.model !== null && job.model !== name)) continue;
    const model = (await documents.findEvent(job.event_id))?.model;
    if (!model || (model.name === name && model.version === version)) users.push(job.event_id);
  }
  return users;
}
