import { WorkflowFailedError } from '@temporalio/client';
import { AppError, messageOf } from '../../domain/errors.js';
import type { JobStatus } from '../../domain/job/job-status.js';
import { retrainWorkflowIdOf } from '../../domain/workflow-ids.js';
import { listCheckpoints } from '../../domain/retrain/checkpoint.js';
import { NEW_RETRAIN, type RetrainProgress } from '../../domain/retrain/retrain.js';
import type { TrainingStep } from '../../domain/retrain/training-folder.js';
import { describeRun, isRunning } from '../../domain/temporal-runs.js';
import type { RetrainModel } from '../../workflows/index.js';
import type { VidetteClientDeps } from '../deps.js';
import { failureOf } from '../jobs/outcome.js';
import { queryProgress } from '../jobs/query-progress.js';
import { statusOf } from '../jobs/runs.js';

/** State of the newest retraining of a model. */
export interface Retraining extends RetrainProgress {
  readonly model: string;
  readonly status: Exclude<JobStatus, 'predictable'>;
  /** Reason of a failure. */
  readonly error: string | null;
  /** Newest stored step of the training; null while there is none. */
  readonly training: TrainingStep | null;
  readonly workflow_id: string;
}

/** Reads the state of the newest retraining of a model. @throws AppError `RETRAIN_NOT_FOUND`. */
export async function readRetraining(
  { temporal, objects }: Pick<VidetteClientDeps, 'temporal' | 'objects'>,
  model: string,
): Promise<Retraining> {
  const workflow_id = retrainWorkflowIdOf(model);
  const run = await describeRun(temporal, workflow_id);
  if (!run) throw retrainNotFound(model);
  const facts = { model, workflow_id, error: null, training: null };
  // A run of an earlier build does not report all facts.
  const complete = (progress?: RetrainProgress) => ({ ...NEW_RETRAIN, ...progress, ...facts });
  if (isRunning(run)) {
    const state = complete(await queryProgress<RetrainProgress>(temporal, run));
    return { ...state, training: await readStep({ objects }, state), status: 'processing' };
  }
  try {
    const handle = temporal.workflow.getHandle<typeof RetrainModel>(workflow_id, run.runId);
    return { ...complete(await handle.result()), status: 'ready' };
  } catch (error) {
    if (!(error instanceof WorkflowFailedError)) throw error;
    const status = statusOf(run.status.name, undefined) === 'cancelled' ? 'cancelled' : 'failed';
    const reason = status === 'cancelled' ? null : messageOf(failureOf(error));
    const progress = await queryProgress<RetrainProgress>(temporal, run);
    return { ...complete(progress), status, error: reason };
  }
}

async function readStep(
  { objects }: Pick<VidetteClientDeps, 'objects'>,
  { stage, retrain_id }: RetrainProgress,
): Promise<TrainingStep | null> {
  if (stage !== 'training' || retrain_id === null) return null;
  const [checkpoint] = await listCheckpoints(objects, retrain_id);
  return checkpoint ? { step: checkpoint.step, of: checkpoint.of, loss: checkpoint.loss } : null;
}

export function retrainNotFound(model: string): AppError {
  return new AppError('RETRAIN_NOT_FOUND', `Model ${model} has not been retrained.`, { model });
}
