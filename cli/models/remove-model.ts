import { AppError } from '../../domain/errors.js';
import { aliasesOf } from '../../domain/model/model-alias.js';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import { findsObjects, type ModelOutput } from '../../domain/model/model-output.js';
import type { DamagedModel, ModelRegistry } from '../../domain/ports/model-registry.js';
import type { Connected } from '../connect.js';
import { removeAddedModel, removeDamagedModel } from './added-folder.js';

/** Maximum number of jobs that are checked per status. */
const MAX_JOBS = 10_000;

/** A version, whether its manifest is valid or damaged. */
export type RemovedModel = ModelManifest | DamagedModel;

/**
 * Removes a version from the catalogue and its file from the data folder.
 * @throws AppError `INVALID_INPUT` if the version is not specified, if a running job uses it, or,
 * without `force`, if an alias refers to it, no other model that detects remains, or an ensemble has it
 * as a member.
 */
export async function removeModel(
  connected: Connected,
  spec: string,
  force: boolean,
): Promise<RemovedModel> {
  const { models, config } = connected;
  const damaged = (await models.listDamaged()).find((model) => spec === versionOf(model));
  const model = damaged ?? (await models.resolve(spec));
  if (spec !== versionOf(model)) {
    throw new AppError(
      'INVALID_INPUT',
      `Specify the version to remove: ${JSON.stringify(spec)} is ${versionOf(model)} at the moment.`,
    );
  }
  if (!force && !damaged) await expectNoAlias(models, await models.resolve(spec));
  const users = await findJobsUsing(connected, model);
  if (users.length > 0) throw inUse(spec, users);
  if ('reason' in model) {
    await models.remove(model);
    await removeDamagedModel(config, model.name);
    return model;
  }
  if (!force) await expectOtherDefault(models, model);
  if (!force) await expectNoEnsemble(models, model);
  await models.remove(model);
  await removeAddedModel(config, model);
  return model;
}

/** @throws AppError `INVALID_INPUT` if an alias refers to the version. */
async function expectNoAlias({ aliases }: ModelRegistry, model: ModelManifest): Promise<void> {
  const found = aliasesOf(model, await aliases.list(model.name));
  if (found.length === 0) return;
  throw new AppError(
    'INVALID_INPUT',
    `${versionOf(model)} has the alias ${found.join(', ')}. Move it to another version with "vidette models alias", or use --force to remove the version anyway.`,
  );
}

/** @throws AppError `INVALID_INPUT` if no other model that detects remains. */
async function expectOtherDefault(models: ModelRegistry, model: ModelManifest): Promise<void> {
  if (!canBeDefault(model)) return;
  const others = (await models.list()).filter((other) => isOtherDefault(other, model));
  if (others.length > 0) return;
  throw new AppError(
    'INVALID_INPUT',
    `${versionOf(model)} is the only model in the catalogue that detects; jobs without a model would fail. Use --force to remove it anyway.`,
  );
}

/** @throws AppError `INVALID_INPUT` if the model is a member of an ensemble. */
async function expectNoEnsemble(models: ModelRegistry, model: ModelManifest): Promise<void> {
  const users = (await models.list()).filter(({ output }) => hasMember(output, model));
  if (users.length === 0) return;
  throw new AppError(
    'INVALID_INPUT',
    `${versionOf(model)} is a member of ${users.map(versionOf).join(', ')}, which could not be used without it. Remove the ensemble first, or use --force to remove it anyway.`,
  );
}

function hasMember(output: ModelOutput, { name, version }: ModelManifest): boolean {
  if (output.family !== 'ensemble') return false;
  return output.members.some((member) => member.name === name && member.version === version);
}

const versionOf = ({ name, version }: RemovedModel) => `${name}@${version}`;

function isOtherDefault(other: ModelManifest, { name, version }: ModelManifest): boolean {
  const isSame = other.name === name && other.version === version;
  return !isSame && canBeDefault(other);
}

function canBeDefault({ name, task }: ModelManifest): boolean {
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

/** Event ids of running jobs that use a model, or whose model is not yet known. */
async function findJobsUsing(
  { client, documents }: Connected,
  { name, version }: RemovedModel,
): Promise<string[]> {
  const processing = await client.jobs({ status: 'processing', limit: MAX_JOBS });
  const predictable = await client.jobs({ status: 'predictable', limit: MAX_JOBS });
  const users: string[] = [];
  for (const job of [...processing, ...predictable]) {
    if (job.workflow_id === null || (job.model !== null && job.model.name !== name)) continue;
    const model = (await documents.findEvent(job.event_id))?.model;
    if (!model || (model.name === name && model.version === version)) users.push(job.event_id);
  }
  return users;
}
