import { WorkflowExecutionAlreadyStartedError } from '@temporalio/client';
import pMap from 'p-map';
import { AppError } from '../../domain/errors.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { findRescore, findRescoreReport } from '../../domain/rescore/find-rescore.js';
import { expectSameRescore, newRescore } from '../../domain/rescore/new-rescore.js';
import { listRescoreIds } from '../../domain/rescore/prunable-rescorings.js';
import {
  parseRescoreRequest,
  rescoreIdOf,
  type RescoreRequest,
} from '../../domain/rescore/rescore-request.js';
import { readJsonLines } from '../../domain/rescore/read-json-lines.js';
import type { CaseOrder, RescoreCase } from '../../domain/rescore/rescore-case.js';
import { type OpenedRescore, RESCORE_PAST } from '../../domain/rescore/rescore.js';
import { SEARCH_ATTRIBUTES } from '../../domain/search-attributes.js';
import { isWorkflowNotFound } from '../../domain/temporal-runs.js';
import { callTemporal, iterateTemporal } from '../../domain/temporal-unavailable.js';
import { rescoreWorkflowIdOf } from '../../domain/workflow-ids.js';
import type { RescorePast } from '../../workflows/index.js';
import type { VidetteClientDeps } from '../deps.js';
import { poll } from '../jobs/poll.js';
import type { WatchOptions } from '../jobs/watch.js';
import { type DeletedRescoring, deleteRescoring } from './delete-rescoring.js';
import { readRescoring, type Rescoring } from './rescoring-view.js';

/** A rescoring that was started; `started` is false if it is running, or if its report exists. */
export interface StartedRescoring {
  readonly rescore_id: string;
  readonly workflow_id: string;
  readonly started: boolean;
}

/** Rescorings: another model over what a model has predicted already. */
export interface Rescorings {
  /**
   * Starts a rescoring. The same request is the same rescoring, which continues unless it is running
   * or has its report.
   * @throws AppError `INVALID_INPUT`, `MODEL_NOT_FOUND`, `RESCORE_EXISTS`.
   */
  start(request: RescoreRequest): Promise<StartedRescoring>;
  /** Returns the state of a rescoring. @throws AppError `RESCORE_NOT_FOUND`. */
  get(rescoreId: string): Promise<Rescoring>;
  /** Yields the state of a rescoring, by default twice a second, until it closes. */
  status(rescoreId: string, options?: WatchOptions): AsyncIterable<Rescoring>;
  /** Returns all rescorings, the newest first. */
  list(): Promise<readonly Rescoring[]>;
  /** Cancels a rescoring and its batches; false if it is not running. What is stored remains. */
  cancel(rescoreId: string): Promise<boolean>;
  /**
   * Deletes a rescoring with its list, cases, report and batches; a running one is cancelled first. Its
   * jobs remain. @throws AppError `RESCORE_NOT_FOUND`.
   */
  delete(rescoreId: string): Promise<DeletedRescoring>;
  /**
   * Resolves with what differs once it is known to exist.
   * @throws AppError `RESCORE_NOT_FOUND` without a report.
   */
  cases(rescoreId: string, order?: CaseOrder): Promise<AsyncIterable<RescoreCase>>;
}

const EVERY_MS = 500;
/** Rescorings that are read at the same time. */
const CONCURRENCY = 4;

/** Creates the API of rescorings. */
export function createRescorings(deps: VidetteClientDeps): Rescorings {
  const call = <T>(work: () => Promise<T>) => callTemporal(deps.temporal, work);
  return {
    start: (request) => call(() => startRescoring(deps, request)),
    get: (rescoreId) => call(() => readRescoring(deps, rescoreId)),
    status: (rescoreId, { signal, everyMs = EVERY_MS } = {}) => {
      const isLast = ({ status }: Rescoring) => status !== 'processing';
      const read = () => readRescoring(deps, rescoreId);
      return iterateTemporal(deps.temporal, poll(read, { isLast, everyMs, signal }));
    },
    list: () => call(() => listRescorings(deps)),
    cancel: (rescoreId) => call(() => cancelRescoring(deps, rescoreId)),
    delete: (rescoreId) => call(() => deleteRescoring(deps, rescoreId)),
    cases: (rescoreId, order = 'compared') => readCases(deps, rescoreId, order),
  };
}

async function startRescoring(
  { temporal, objects, models }: VidetteClientDeps,
  request: RescoreRequest,
): Promise<StartedRescoring> {
  const input = parseRescoreRequest(request);
  const now = new Date().toISOString();
  const manifest = await models.resolve(input.model);
  const stored = input.rescore_id && (await findRescore(objects, input.rescore_id));
  const until = input.until ?? (stored ? stored.until : now);
  const draft = await newRescore(models, { ...input, until, rescore_id: 'unknown' }, now);
  const { since, conf } = draft;
  const include = [...draft.include];
  const identity = { of: input.of, since, until, include, conf };
  const rescore_id = input.rescore_id ?? rescoreIdOf(identity, manifest);
  const workflow_id = rescoreWorkflowIdOf(rescore_id);
  const opened: OpenedRescore = { ...draft, rescore_id };
  if (stored) expectSameRescore(stored, opened);
  if (await findRescoreReport(objects, rescore_id))
    return { rescore_id, workflow_id, started: false };
  const model = `${manifest.name}@${manifest.version}`;
  const pinned = { ...input, rescore_id, model, until, include };
  const started = await startWorkflow(temporal, workflow_id, pinned);
  await objects.putIf(BUCKETS.results, keys.rescore(rescore_id), JSON.stringify(opened), undefined);
  return { rescore_id, workflow_id, started };
}

/** Returns false if the workflow is running. */
async function startWorkflow(
  { workflow }: VidetteClientDeps['temporal'],
  workflowId: string,
  request: RescoreRequest & { readonly rescore_id: string },
): Promise<boolean> {
  try {
    await workflow.start<typeof RescorePast>(RESCORE_PAST, {
      ...{ taskQueue: VIDEO_QUEUE, workflowId, args: [request] },
      typedSearchAttributes: [{ key: SEARCH_ATTRIBUTES.batch, value: request.rescore_id }],
    });
    return true;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return false;
    throw error;
  }
}

async function listRescorings(deps: VidetteClientDeps): Promise<readonly Rescoring[]> {
  const read = (id: string) => readRescoring(deps, id);
  const ids = listRescoreIds(deps.objects);
  const rescorings = await pMap(ids, read, { concurrency: CONCURRENCY });
  return rescorings.sort((a, b) => (a.created_at < b.created_at ? 1 : -1));
}

async function cancelRescoring(deps: VidetteClientDeps, rescoreId: string): Promise<boolean> {
  const { status, workflow_id } = await readRescoring(deps, rescoreId);
  if (status !== 'processing') return false;
  try {
    await deps.temporal.workflow.getHandle(workflow_id).cancel();
    return true;
  } catch (error) {
    if (isWorkflowNotFound(error)) return false; // it has just ended
    throw error;
  }
}

async function readCases(
  { objects }: VidetteClientDeps,
  rescoreId: string,
  order: CaseOrder,
): Promise<AsyncIterable<RescoreCase>> {
  if (!(await findRescoreReport(objects, rescoreId))) {
    throw new AppError(
      'RESCORE_NOT_FOUND',
      `Rescoring ${rescoreId} has no report (yet).`,
      { rescore_id: rescoreId },
      { advice: 'list-rescorings' },
    );
  }
  const key = order === 'worth' ? keys.rescoreRanking(rescoreId) : keys.rescoreCases(rescoreId);
  return readJsonLines<RescoreCase>(objects, BUCKETS.results, key);
}
