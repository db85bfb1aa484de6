import { AppError } from '../../domain/errors.js';
import type { JobStatus } from '../../domain/job/job-status.js';
import { expectId } from '../../domain/names.js';
import { findRescore, findRescoreReport } from '../../domain/rescore/find-rescore.js';
import {
  NEW_RESCORE,
  type OpenedRescore,
  type RescoreProgress,
  type RescoreReport,
} from '../../domain/rescore/rescore.js';
import { describeRun, isRunning } from '../../domain/temporal-runs.js';
import { rescoreWorkflowIdOf } from '../../domain/workflow-ids.js';
import type { VidetteClientDeps } from '../deps.js';
import { readFailure } from '../jobs/outcome.js';
import { queryProgress } from '../jobs/query-progress.js';
import { statusOf, type Run } from '../jobs/runs.js';

/** State of a rescoring. */
export interface Rescoring extends Omit<OpenedRescore, 'model' | 'of'> {
  readonly status: Exclude<JobStatus, 'predictable'>;
  /** Reason of a failure. */
  readonly error: string | null;
  /** Model that runs over the past predictions, as `name@version`. */
  readonly model: string;
  /** Model of the past predictions, as `name` or `name@version`. */
  readonly of: string;
  /** Stage with its counts; null unless it is running. */
  readonly progress: RescoreProgress | null;
  /** Null until the rescoring is ready. */
  readonly report: RescoreReport | null;
  readonly workflow_id: string;
}

type Deps = Pick<VidetteClientDeps, 'temporal' | 'objects'>;

const INTERRUPTED = 'The workflow ended from outside. Start the rescoring again: it continues.';

/** Reads the state of a rescoring. @throws AppError `RESCORE_NOT_FOUND`. */
export async function readRescoring(deps: Deps, rescoreId: string): Promise<Rescoring> {
  const opened = await findRescore(deps.objects, expectId('a rescore_id', rescoreId));
  if (!opened) throw rescoreNotFound(rescoreId);
  const { model, of, ...facts } = opened;
  const workflow_id = rescoreWorkflowIdOf(rescoreId);
  const run = await describeRun(deps.temporal, workflow_id);
  return {
    ...facts,
    model: `${model.name}@${model.version}`,
    of: of.version === undefined ? of.name : `${of.name}@${of.version}`,
    ...(await readState(deps, rescoreId, run)),
    workflow_id,
  };
}

type State = Pick<Rescoring, 'status' | 'error' | 'progress' | 'report'>;

async function readState(deps: Deps, rescoreId: string, run: Run | undefined): Promise<State> {
  const { temporal, objects } = deps;
  if (run && isRunning(run)) {
    const progress = (await queryProgress<RescoreProgress>(temporal, run)) ?? NEW_RESCORE;
    return { status: 'processing', error: null, progress, report: null };
  }
  const report = await findRescoreReport(objects, rescoreId);
  if (report) return { status: 'ready', error: null, progress: null, report };
  const isCancelled = run && statusOf(run.status.name, undefined) === 'cancelled';
  const error = isCancelled ? null : await readError(deps, run);
  return { status: isCancelled ? 'cancelled' : 'failed', error, progress: null, report: null };
}

async function readError({ temporal }: Deps, run: Run | undefined): Promise<string> {
  if (run?.status.name !== 'FAILED') return INTERRUPTED;
  return (await readFailure(temporal, run.workflowId, run.runId))?.message ?? INTERRUPTED;
}

/** Error of an id that no rescoring has. */
export function rescoreNotFound(rescoreId: string): AppError {
  return new AppError(
    'RESCORE_NOT_FOUND',
    `Rescoring ${rescoreId} does not exist.`,
    { rescore_id: rescoreId },
    { advice: 'list-rescorings' },
  );
}
