import { AppError } from '../errors.js';
import type { DocumentStore } from '../ports/document-store.js';
import type { ModelRef } from '../model/model-manifest.js';
import { parseCatalogueSpec } from '../model/mlflow-ref.js';
import { readPages } from '../read-pages.js';
import type { FrameFeedback } from '../result/frame-feedback.js';
import type { LoggedPrediction } from '../result/prediction-log.js';
import type { DatasetTask } from './dataset-item.js';
import type { DatasetFilters } from './dataset-manifest.js';
import { frameContent, predictionContent } from './feedback-content.js';
import { listImported } from './list-imported.js';
import type { Verdict } from './verdicts.js';

/** Place of an image before its bytes are read. */
export type ImagePlace =
  | { readonly kept: string | undefined }
  | { readonly event_id: string; readonly frame_id: number; readonly video: string };

/** Image with verdicts. */
export interface Candidate {
  readonly place: ImagePlace;
  readonly verdicts: Verdict[];
  /** Time of its first prediction or feedback. */
  since: Date;
}

/** Which feedback is collected for a data set. */
export interface CollectQuery {
  readonly name: string;
  readonly task: DatasetTask;
  readonly filters: DatasetFilters;
  readonly until: Date;
}

/** Stores from which feedback is read. */
export type FeedbackStores = Pick<
  DocumentStore,
  'findEvent' | 'frameFeedback' | 'imagePredictions' | 'importedFeedback'
>;

/** Maximum number of images with feedback in one build. */
const CANDIDATES_MAX = 100_000;

/** Collects the verdicts on images from all feedback that a data set is made from. */
export async function collectVerdicts(
  stores: FeedbackStores,
  query: CollectQuery,
): Promise<Candidate[]> {
  const candidates = new Map<string, Candidate>();
  const add = (key: string, place: ImagePlace, since: Date, verdict: Verdict) => {
    const known = candidates.get(key);
    if (!known && candidates.size === CANDIDATES_MAX) throw tooMany(query.name);
    const candidate = known ?? { place, verdicts: [], since };
    if (since < candidate.since) candidate.since = since;
    candidate.verdicts.push(verdict);
    candidates.set(key, candidate);
  };
  await collectPredictions(stores, query, add);
  if (query.task === 'detect') await collectFrames(stores, query, add);
  await collectImports(stores, query, add);
  return [...candidates.values()];
}

type Add = (key: string, place: ImagePlace, since: Date, verdict: Verdict) => void;

async function collectPredictions(
  { imagePredictions }: FeedbackStores,
  query: CollectQuery,
  add: Add,
): Promise<void> {
  const predictions = readPages<LoggedPrediction>(({ limit, after }) =>
    imagePredictions.listWithFeedback({ limit, before: after?.prediction_id }),
  );
  for await (const prediction of predictions) collectPrediction(prediction, query, add);
}

function collectPrediction(prediction: LoggedPrediction, query: CollectQuery, add: Add): void {
  const { prediction_id, picture: image, model, time: since, feedback } = prediction;
  if (!isOfModel(model, query.filters)) return;
  for (const [index, { time, by = null, ...given }] of feedback.entries()) {
    const content = predictionContent(query.task, given, prediction);
    if (!content || !isInTime(time, query)) continue;
    const feedback_id = `${prediction_id}/${index}`;
    const verdict = { by, content, source: { prediction_id }, feedback_id, time };
    add(image?.sha256 ?? prediction_id, { kept: image?.sha256 }, since, verdict);
  }
}

async function collectFrames(
  { frameFeedback, findEvent }: FeedbackStores,
  query: CollectQuery,
  add: Add,
): Promise<void> {
  let event: Awaited<ReturnType<FeedbackStores['findEvent']>>;
  for await (const given of readPages<FrameFeedback>((place) => frameFeedback.listAll(place))) {
    const { event_id, frame_id, by, time } = given;
    if (event?.event_id !== event_id) event = await findEvent(event_id);
    if (!event || !isOfModel(event.model, query.filters) || !isInTime(time, query)) continue;
    const feedback_id = `${event_id}/${frame_id}/${by ?? ''}`;
    const verdict = { by, content: frameContent(given), feedback_id, time };
    const place = { event_id, frame_id, video: event.video_id };
    add(`${event_id}/${frame_id}`, place, time, { ...verdict, source: { event_id, frame_id } });
  }
}

/** Filters do not apply to imports: they are made into this data set. */
async function collectImports(
  { importedFeedback }: FeedbackStores,
  { name, task, until }: CollectQuery,
  add: Add,
): Promise<void> {
  for await (const given of listImported(importedFeedback, name)) {
    const { sha256, content, by, time, split } = given;
    const isOfTask = (content.label !== undefined) === (task === 'classify');
    if (!isOfTask || time > until) continue;
    const verdict = { by, content, source: { import: given.import }, time, split };
    const feedback_id = `${name}/${sha256}/${by ?? ''}`;
    add(sha256, { kept: sha256 }, time, { ...verdict, feedback_id });
  }
}

function isOfModel({ name, version }: ModelRef, { model }: DatasetFilters): boolean {
  const wanted = model === undefined ? undefined : parseCatalogueSpec(model);
  if (!wanted) return true;
  return wanted.name === name && (wanted.version ?? version) === version;
}

function isInTime(time: Date, { until, filters: { since } }: CollectQuery): boolean {
  return time <= until && (since === undefined || time >= new Date(since));
}

function tooMany(name: string): AppError {
  return new AppError(
    'LIMIT_EXCEEDED',
    `Data set ${name} would have more than ${CANDIDATES_MAX} images with feedback. Limit it to a model or a time ("model", "since").`,
    { dataset: name },
  );
}
