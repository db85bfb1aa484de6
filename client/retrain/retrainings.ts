import {
  WorkflowExecutionAlreadyStartedError,
  WorkflowUpdateFailedError,
} from '@temporalio/client';
import { AppError } from '../../domain/errors.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { retrainWorkflowIdOf } from '../../domain/workflow-ids.js';
import {
  DECIDE_UPDATE,
  type Decision,
  RETRAIN_MODEL,
  type RetrainProgress,
} from '../../domain/retrain/retrain.js';
import {
  decisionSchema,
  parseRetrainRequest,
  type RetrainOptions,
} from '../../domain/retrain/retrain-request.js';
import { listProblems } from '../../domain/schema-problems.js';
import { isWorkflowNotFound } from '../../domain/temporal-runs.js';
import { callTemporal, iterateTemporal } from '../../domain/temporal-unavailable.js';
import type { RetrainModel } from '../../workflows/index.js';
import type { VidetteClientDeps } from '../deps.js';
import { failureOf } from '../jobs/outcome.js';
import { poll } from '../jobs/poll.js';
import type { WatchOptions } from '../jobs/watch.js';
import { listRetrainings, type RetrainingsFilter } from './list-retrainings.js';
import { readRetraining, retrainNotFound, type Retraining } from './retraining-view.js';

/** A retraining that was started; `started` is false if one of the model is running. */
export interface StartedRetraining {
  readonly model: string;
  readonly workflow_id: string;
  readonly started: boolean;
}

/** Decision of a person. */
export interface RetrainDecision {
  readonly promote: boolean;
  readonly by: string;
  readonly reason: string;
}

/** Retrainings of the models of the catalogue, one per model at a time. */
export interface Retrainings {
  /**
   * Starts a retraining, unless one of the model is running.
   * @throws AppError `MODEL_NOT_FOUND`, `INVALID_INPUT`.
   */
  start(model: string, options: RetrainOptions, by: string | null): Promise<StartedRetraining>;
  /** Returns the state of the newest retraining. @throws AppError `RETRAIN_NOT_FOUND`. */
  get(model: string): Promise<Retraining>;
  /**
   * Lists the newest retraining of each model, by name, or those of one model or one data set.
   * @throws AppError `INVALID_INPUT`.
   */
  list(filter?: RetrainingsFilter): Promise<readonly Retraining[]>;
  /** Yields the state, by default twice a second, until it ends or waits for a decision. */
  status(model: string, options?: WatchOptions): AsyncIterable<Retraining>;
  /**
   * Decides about a challenger.
   * @throws AppError `RETRAIN_NOT_FOUND`, `RETRAIN_NOT_WAITING`, `INVALID_INPUT`.
   */
  decide(model: string, decision: RetrainDecision): Promise<Retraining>;
}

const EVERY_MS = 500;

/** Creates the API of retrainings. */
export function createRetrainings(deps: VidetteClientDeps): Retrainings {
  const { temporal } = deps;
  const call = <T>(work: () => Promise<T>) => callTemporal(temporal, work);
  return {
    start: (model, options, by) => call(() => start(deps, model, options, by)),
    get: (model) => call(() => readRetraining(deps, model)),
    list: (filter) => call(() => listRetrainings(deps, filter)),
    status: (model, { signal, everyMs = EVERY_MS } = {}) => {
      const isLast = ({ status, stage }: Retraining) =>
        status !== 'processing' || stage === 'waiting';
      return iterateTemporal(
        temporal,
        poll(() => readRetraining(deps, model), { isLast, everyMs, signal }),
      );
    },
    decide: (model, decision) => call(() => decide(deps, model, decision)),
  };
}

async function start(
  { temporal, models }: VidetteClientDeps,
  model: string,
  options: RetrainOptions,
  by: string | null,
): Promise<StartedRetraining> {
  const request = parseRetrainRequest({ ...options, model, by });
  await models.resolve(request.base === undefined ? model : `${model}@${request.base}`);
  const workflow_id = retrainWorkflowIdOf(model);
  try {
    await temporal.workflow.start<typeof RetrainModel>(RETRAIN_MODEL, {
      ...{ taskQueue: VIDEO_QUEUE, workflowId: workflow_id, args: [request] },
    });
    return { model, workflow_id, started: true };
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError)
      return { model, workflow_id, started: false };
    throw error;
  }
}

async function decide(
  deps: VidetteClientDeps,
  model: string,
  { by, ...rest }: RetrainDecision,
): Promise<Retraining> {
  const { data, error } = decisionSchema.safeParse(rest);
  if (error)
    throw new AppError('INVALID_INPUT', `Invalid decision: ${listProblems(error).join('; ')}`);
  const handle = deps.temporal.workflow.getHandle(retrainWorkflowIdOf(model));
  try {
    await handle.executeUpdate<RetrainProgress, [Decision]>(DECIDE_UPDATE, {
      args: [{ ...data, by }],
    });
  } catch (cause) {
    if (isWorkflowNotFound(cause)) throw await notWaiting(deps, model);
    throw cause instanceof WorkflowUpdateFailedError ? failureOf(cause) : cause;
  }
  return readRetraining(deps, model);
}

/** Error of a decision about a retraining that has ended, or that never was. */
async function notWaiting(deps: VidetteClientDeps, model: string): Promise<AppError> {
  const { status } = await readRetraining(deps, model).catch(() => ({ status: undefined }));
  if (status === undefined) return retrainNotFound(model);
  return new AppError('RETRAIN_NOT_WAITING', `The retraining of ${model} has ended: ${status}.`);
}
