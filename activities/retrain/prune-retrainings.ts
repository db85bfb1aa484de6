import pMap from 'p-map';
import type { PrunedData, PruneDataInput } from '../../domain/job/deletion.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { JobRuns } from '../../domain/ports/runs.js';
import {
  findRetrainingsBefore,
  type OldRetraining,
} from '../../domain/retrain/prunable-retrainings.js';
import { retrainWorkflowIdOf } from '../../domain/workflow-ids.js';
import { type Beat, withHeartbeat } from '../heartbeat.js';
import { pruneEach } from '../prune-each.js';

export interface PruneRetrainingsDeps {
  readonly objects: Pick<ObjectStore, 'find' | 'listSizes' | 'remove'>;
  readonly jobRuns: Pick<JobRuns, 'isWorkflowRunning'>;
}

const CONCURRENT_REMOVALS = 16;

/**
 * Removes what retrainings that ended before a time have stored: checkpoints, trained models and answers,
 * and the reports of those that did not publish a version. Published models and data sets remain.
 */
export async function pruneRetrainings(
  deps: PruneRetrainingsDeps,
  { before }: PruneDataInput,
): Promise<PrunedData> {
  return withHeartbeat((beat) => {
    const found = findRetrainingsBefore(deps.objects, new Date(before));
    const prune = (each: OldRetraining) => pruneRetraining(deps, each, beat);
    const idOf = ({ retrain_id }: OldRetraining) => retrain_id;
    return pruneEach({ what: 'retraining', found, idOf, prune }, beat);
  });
}

/** Keeps all retrainings of a model while one of it runs, which may continue any of them. */
async function pruneRetraining(
  { objects, jobRuns }: PruneRetrainingsDeps,
  { retrain_id, model, keys: stored }: OldRetraining,
  { signal }: Beat,
): Promise<number | undefined> {
  if (model === undefined) return undefined;
  if (await jobRuns.isWorkflowRunning(retrainWorkflowIdOf(model))) return undefined;
  // First: without it the training is not complete, and a later one with this id trains again.
  const result = keys.trainingResult(retrain_id);
  await objects.remove(BUCKETS.results, result, { signal });
  const others = stored.filter((key) => key !== result);
  await pMap(others, (key) => objects.remove(BUCKETS.results, key, { signal }), {
    concurrency: CONCURRENT_REMOVALS,
  });
  return stored.length;
}
