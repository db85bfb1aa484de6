import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  CorrectedObject,
  LoggedPrediction,
  ReviewOptions,
  VidetteClient,
} from '../../client/index.js';
import { AppError } from '../../domain/errors.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { App } from '../app.js';
import { withServers } from '../command.js';
import { readObjects } from '../commands/feedback.js';
import type { Connected } from '../connect.js';
import { askLine } from '../models/ask.js';
import { formatReviews, reviewText } from './review-text.js';

/** Predictions to review. */
export interface ReviewSearch extends Omit<ReviewOptions, 'cursor' | 'limit'> {
  /** Maximum number of predictions. */
  readonly limit: number;
  /** Shadow experiment whose versions differ on them; then the other options do not apply. */
  readonly experiment?: string | undefined;
}

/** Lists predictions that await a person. */
export async function listReviews(app: App, search: ReviewSearch): Promise<void> {
  const found = await withServers(app, ({ client }) =>
    Array.fromAsync(predictionsOf(client, search)),
  );
  app.out.result(found, formatReviews(found));
}

async function* predictionsOf(
  client: VidetteClient,
  { limit, experiment, ...search }: ReviewSearch,
): AsyncGenerator<LoggedPrediction, void> {
  let left = limit;
  for (let cursor: string | undefined; left > 0;) {
    const page =
      experiment === undefined
        ? await client.reviews.page({ ...search, limit: left, cursor })
        : await client.experiments.disagreements(experiment, { limit: left, cursor });
    yield* page.predictions;
    left -= page.predictions.length;
    if (page.next === null) return;
    cursor = page.next;
  }
}

type Answer = 'confirm' | 'skip' | 'quit' | { readonly class: string };

/** Number of predictions that a person has reviewed. */
interface Reviewed {
  confirmed: number;
  corrected: number;
  skipped: number;
}

/** Asks about one prediction after another on the terminal. */
export async function review(
  app: App,
  search: ReviewSearch,
  by: string | undefined,
): Promise<void> {
  const reviewed: Reviewed = { confirmed: 0, corrected: 0, skipped: 0 };
  const folder = await mkdtemp(join(tmpdir(), 'vidette-review-'));
  try {
    await withServers(app, async (connected) => {
      for await (const prediction of predictionsOf(connected.client, search)) {
        const path = await fetchImage(connected, prediction, folder);
        app.out.note(reviewText(prediction, path));
        const answer = await app.out.pause(() => askAbout(prediction, app.signal));
        if (answer === 'quit') break;
        await give(connected.client, prediction, { answer, by, reviewed });
      }
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const { confirmed, corrected, skipped } = reviewed;
  app.out.result(reviewed, `${confirmed} confirmed, ${corrected} corrected, ${skipped} skipped.`);
}

/** Writes the image of a prediction to a file; undefined if it is not stored. */
async function fetchImage(
  { objects }: Connected,
  { picture: image }: LoggedPrediction,
  folder: string,
): Promise<string | undefined> {
  if (!image) return undefined;
  const found = await objects.stat(BUCKETS.pictures, keys.image(image.sha256));
  if (!found) return undefined;
  const extension = found.metadata['content-type']?.split('/')[1] ?? 'image';
  const path = join(folder, `${image.sha256.slice(0, 12)}.${extension}`);
  await objects.getFile(BUCKETS.pictures, keys.image(image.sha256), path);
  return path;
}

async function askAbout({ objects }: LoggedPrediction, signal: AbortSignal): Promise<Answer> {
  const other = objects ? '' : '[e] another class, ';
  for (;;) {
    const text = await askLine(`[c] confirm, ${other}[s] skip, [q] quit: `, signal);
    if (/^c/i.test(text)) return 'confirm';
    if (/^s/i.test(text)) return 'skip';
    if (/^q/i.test(text)) return 'quit';
    if (!objects && /^e/i.test(text)) {
      const name = await askLine('Class: ', signal);
      if (name !== '') return { class: name };
    }
  }
}

interface Given {
  readonly answer: Exclude<Answer, 'quit'>;
  readonly by: string | undefined;
  readonly reviewed: Reviewed;
}

async function give(
  client: VidetteClient,
  prediction: LoggedPrediction,
  { answer, by, reviewed }: Given,
): Promise<void> {
  if (answer === 'skip') {
    reviewed.skipped += 1;
    return;
  }
  if (answer === 'confirm') reviewed.confirmed += 1;
  else reviewed.corrected += 1;
  const verdict = answer === 'confirm' ? verdictOf(prediction) : answer;
  await addFeedback(client, prediction.prediction_id, { ...verdict, by });
}

interface Verdict {
  readonly class?: string;
  readonly objects?: readonly CorrectedObject[];
}

/** Feedback that confirms a prediction. */
function verdictOf({
  objects,
  predicted_class,
}: Pick<LoggedPrediction, 'objects' | 'predicted_class'>): Verdict {
  if (objects) return { objects: objects.map(({ class: name, box }) => ({ class: name, box })) };
  return { class: predicted_class ?? '' }; // a classifier always has a class
}

async function addFeedback(
  client: VidetteClient,
  prediction_id: string,
  { by, ...verdict }: Verdict & { readonly by: string | undefined },
): Promise<void> {
  const feedback = { prediction_id, ...verdict, ...(by !== undefined && { by }) };
  if (!(await client.reviews.addFeedback(feedback))) throw unknownPrediction(prediction_id);
}

function unknownPrediction(id: string): AppError {
  return new AppError(
    'INVALID_INPUT',
    `Prediction ${id} does not exist. List those to review with "vidette review --list".`,
  );
}

/** Confirms a prediction. */
export async function confirmPrediction(
  app: App,
  id: string,
  by: string | undefined,
): Promise<void> {
  const found = await withServers(app, async ({ client }) => {
    const prediction = await client.reviews.find(id);
    if (!prediction) throw unknownPrediction(id);
    const verdict = verdictOf(prediction);
    await addFeedback(client, id, { ...verdict, by });
    return { prediction_id: id, ...verdict };
  });
  app.out.result(found, `Confirmed ${id}.`);
}

/** Stores the correct class or objects of a prediction. */
export async function correctPrediction(
  app: App,
  id: string,
  {
    class: name,
    objects: file,
    by,
  }: { readonly class?: string; readonly objects?: string; readonly by?: string },
): Promise<void> {
  const verdict = name === undefined ? { objects: await readObjects(file) } : { class: name };
  await withServers(app, ({ client }) => addFeedback(client, id, { ...verdict, by }));
  app.out.result({ prediction_id: id, ...verdict }, `Corrected ${id}.`);
}
