import { AppError } from '../../domain/errors.js';
import type { Experiment } from '../../domain/experiment/experiment.js';
import {
  experimentDecisionSchema,
  type ExperimentRequest,
  parseExperiment,
} from '../../domain/experiment/experiment-request.js';
import type { ExperimentReport } from '../../domain/experiment/report.js';
import { expectId } from '../../domain/names.js';
import type { ReviewPage } from '../../domain/result/review-page.js';
import type { VidetteClientDeps } from '../deps.js';
import { decodeCursor, encodeCursor } from '../jobs/page-cursor.js';
import type { Models } from '../model-aliases.js';
import { PAGE_LIMIT } from '../paging.js';
import type { PageOptions } from '../types.js';
import { readDisagreements } from './disagreements.js';
import { readReport } from './read-report.js';
import { type StartDeps, startExperiment } from './start-experiment.js';

/** Experiments, newest first, and the cursor of the next page; null on the last one. */
export interface ExperimentPage {
  readonly experiments: readonly Experiment[];
  readonly next: string | null;
}

/** Experiment with its figures and evidence. */
export interface ExperimentDetails extends Experiment {
  readonly report: ExperimentReport;
}

/** Decision of a person. */
export interface ExperimentChoice {
  readonly promote: boolean;
  readonly by: string;
  readonly reason: string;
}

/** Experiments of the models that predict images: one per model at a time. */
export interface Experiments {
  /**
   * Starts an experiment, after the challenger has run once.
   * @throws AppError `EXPERIMENT_RUNNING`, `TOO_FEW_LANES`, `MODEL_NOT_FOUND`, `INVALID_INPUT`, or the
   * reason why the challenger cannot run.
   */
  start(request: ExperimentRequest, by: string): Promise<Experiment>;
  list(options?: PageOptions): Promise<ExperimentPage>;
  /** Reads an experiment with its evidence. @throws AppError `EXPERIMENT_NOT_FOUND`. */
  get(experimentId: string): Promise<ExperimentDetails>;
  /**
   * Returns a page of the images of the audit sample without a label on which the versions of a shadow
   * experiment differ, the newest first.
   * @throws AppError `EXPERIMENT_NOT_FOUND`, `INVALID_INPUT` for a split.
   */
  disagreements(experimentId: string, options?: PageOptions): Promise<ReviewPage>;
  /** Stops an experiment; it can still be decided. @throws AppError `EXPERIMENT_NOT_FOUND`, `EXPERIMENT_ENDED`. */
  stop(experimentId: string): Promise<ExperimentDetails>;
  /**
   * Ends an experiment with a decision, which is stored with the evidence; with `promote`, the challenger
   * becomes the champion. The same decision again changes nothing.
   * @throws AppError `EXPERIMENT_NOT_FOUND`, `EXPERIMENT_ENDED`, `INVALID_INPUT`.
   */
  decide(experimentId: string, choice: ExperimentChoice): Promise<ExperimentDetails>;
}

type Deps = StartDeps & {
  readonly promote: Models['promote'];
  readonly documents: Pick<VidetteClientDeps['documents'], 'keptImages'>;
};

/** Creates the API of experiments. */
export function createExperiments(deps: Deps): Experiments {
  return {
    start: (request, by) => startExperiment(deps, request, by),
    list: (options) => listExperiments(deps, options),
    get: async (id) => withReport(deps, await find(deps, id)),
    disagreements: async (id, options) => readDisagreements(deps, await find(deps, id), options),
    stop: (id) => stop(deps, id),
    decide: (id, choice) => decide(deps, id, choice),
  };
}

async function listExperiments(
  { documents }: Deps,
  { limit = PAGE_LIMIT, cursor }: PageOptions = {},
): Promise<ExperimentPage> {
  const place = cursor === undefined ? undefined : decodeCursor(cursor);
  const after = place && { started_at: place.created_at, experiment_id: place.event_id };
  const found = await documents.experiments.list({ limit: limit + 1, after });
  const experiments = found.slice(0, limit);
  const last = found.length > limit ? experiments.at(-1) : undefined;
  const next = last
    ? encodeCursor({ created_at: last.started_at, event_id: last.experiment_id })
    : null;
  return { experiments, next };
}

async function find({ documents }: Deps, id: string): Promise<Experiment> {
  const found = await documents.experiments.find(expectId('an experiment_id', id));
  if (found) return found;
  throw new AppError('EXPERIMENT_NOT_FOUND', `Experiment ${id} does not exist.`);
}

async function withReport({ documents }: Deps, experiment: Experiment): Promise<ExperimentDetails> {
  return { ...experiment, report: await readReport(documents, experiment) };
}

async function stop(deps: Deps, id: string): Promise<ExperimentDetails> {
  const end = { status: 'stopped', ended_at: new Date(), decision: null } as const;
  await deps.documents.experiments.end(expectId('an experiment_id', id), ['running'], end);
  const experiment = await find(deps, id);
  if (experiment.status !== 'stopped') throw ended(experiment);
  return withReport(deps, experiment);
}

async function decide(
  deps: Deps,
  id: string,
  { by, ...given }: ExperimentChoice,
): Promise<ExperimentDetails> {
  const { promote, reason } = parseExperiment(experimentDecisionSchema, 'decision', given);
  const before = await withReport(deps, await find(deps, id));
  if (before.decision?.promote === promote) return before;
  if (before.decision) throw ended(before);
  const evidence = before.report.evidence.ratio;
  if (promote) {
    const { version } = before.arms.challenger.model;
    const cause = `experiment ${id}: ${reason}`;
    await deps.promote(before.serves, { version, by, reason: cause });
  }
  const at = new Date();
  const decision = { promote, by, reason, at, evidence };
  const end = { status: 'decided', ended_at: before.ended_at ?? at, decision } as const;
  await deps.documents.experiments.end(id, ['running', 'stopped'], end);
  return { ...before, ...(await find(deps, id)) };
}

function ended({ experiment_id: id, status, decision }: Experiment): AppError {
  const outcome = decision?.promote ? 'the challenger was promoted' : 'the champion was kept';
  const how = decision ? `decided: ${outcome}` : status;
  return new AppError('EXPERIMENT_ENDED', `Experiment ${id} has ended: ${how}.`);
}
