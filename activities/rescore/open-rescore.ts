import { activityInfo, log } from '@temporalio/activity';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ModelRegistry } from '../../domain/ports/model-registry.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { findRescore } from '../../domain/rescore/find-rescore.js';
import { expectSameRescore, newRescore } from '../../domain/rescore/new-rescore.js';
import { parseRescoreRequest } from '../../domain/rescore/rescore-request.js';
import type { OpenedRescore, OpenedRescoreRun } from '../../domain/rescore/rescore.js';
import { rescoreIdOfWorkflow } from '../../domain/workflow-ids.js';

export interface OpenRescoreDeps {
  readonly objects: Pick<ObjectStore, 'find' | 'putIf'>;
  readonly models: Pick<ModelRegistry, 'resolve' | 'list'>;
  /** Whether payloads are encrypted. */
  readonly payloadsEncrypted?: boolean;
}

/**
 * Resolves a request to a model and a time span, and stores them; a rescoring that exists continues
 * with the model and the time span that it has.
 * @throws AppError `INVALID_INPUT`, `MODEL_NOT_FOUND`, `RESCORE_EXISTS` if the id is taken by another
 * request.
 */
export async function openRescore(
  { objects, models, payloadsEncrypted }: OpenRescoreDeps,
  { request, started_at }: { readonly request: unknown; readonly started_at: string },
): Promise<OpenedRescoreRun> {
  const input = parseRescoreRequest(request);
  const { workflowId } = activityInfo().workflowExecution!;
  const rescore_id = input.rescore_id ?? rescoreIdOfWorkflow(workflowId);
  // A run that continues without a given end has the end of the first one.
  const until = input.until ?? (await findRescore(objects, rescore_id))?.until;
  const rescore = await newRescore(models, { ...input, rescore_id, until }, started_at);
  const opened = await storeRescore(objects, rescore);
  log.info('rescoring opened', { rescore: rescore_id, model: opened.model.name });
  return { ...opened, ...(payloadsEncrypted && { sealed: true }) };
}

/** Stores a rescoring unless it exists; returns the stored one. */
async function storeRescore(
  objects: OpenRescoreDeps['objects'],
  rescore: OpenedRescore,
): Promise<OpenedRescore> {
  const key = keys.rescore(rescore.rescore_id);
  if (await objects.putIf(BUCKETS.results, key, JSON.stringify(rescore), undefined)) return rescore;
  const stored = await findRescore(objects, rescore.rescore_id);
  if (!stored) return rescore; // removed at this moment
  expectSameRescore(stored, rescore);
  return stored;
}
