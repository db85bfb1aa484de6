import { createReadStream } from 'node:fs';
import { appendFile, mkdir, open, rename, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { messageOf } from '../../domain/errors.js';
import { createPredictionId } from '../../domain/result/prediction-id.js';
import type {
  Feedback,
  LoggedPrediction,
  PredictionLog,
  PredictionQuery,
} from '../../domain/result/prediction-log.js';
import type { Logger } from '../../runtime/logger.js';
import type { Metrics } from '../metrics/index.js';

export interface FileLogDeps {
  /** File of the log, whose folder is created if it is missing. */
  readonly path: string;
  readonly metrics: Pick<Metrics, 'logged'>;
  readonly logger: Pick<Logger, 'warn'>;
  /** Number of predictions that can be listed and get feedback; default: 1,000. */
  readonly keptMax?: number;
  /** Size in bytes at which the file is renamed to `{path}.old`, and another one begun; default: 16 MiB. */
  readonly bytesMax?: number;
}

/** A line of the file. */
type Line =
  { readonly prediction: Omit<LoggedPrediction, 'feedback'> } | { readonly feedback: Feedback };

const KEPT_MAX = 1000;
const BYTES_MAX = 16 * 1024 ** 2;

/**
 * Log of predictions and feedback in a file of JSON lines, of which the newest are listed. Rows that
 * cannot be written are counted and logged; a prediction does not fail because of them.
 */
export async function openFileLog(deps: FileLogDeps): Promise<PredictionLog> {
  const { path, metrics, logger, keptMax = KEPT_MAX, bytesMax = BYTES_MAX } = deps;
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const kept = new Map<string, LoggedPrediction>();
  for await (const line of linesOf(path)) keep(kept, line, keptMax);
  // The next line must not continue one that was cut off.
  if (await isCutOff(path)) await appendFile(path, '\n');
  let bytes = await sizeOf(path);
  let writing = Promise.resolve();

  async function write(lines: readonly Line[]): Promise<void> {
    const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
    if (bytes > 0 && bytes + text.length > bytesMax) {
      await rename(path, `${path}.old`);
      bytes = 0;
    }
    await appendFile(path, text, { mode: 0o600 });
    bytes += Buffer.byteLength(text);
  }
  /** Writes lines after those before; each line is whole. */
  const append = (lines: readonly Line[]) => {
    const written = writing.then(() => write(lines));
    writing = written.catch(() => undefined);
    return written;
  };
  const newest = ({ limit, ...query }: PredictionQuery) =>
    [...kept.values()]
      .reverse()
      .filter((each) => isSelected(each, query))
      .slice(0, limit);

  return {
    add: async (predictions) => {
      const lines = predictions.map((record) => ({
        prediction: { prediction_id: createPredictionId(), ...record },
      }));
      for (const line of lines) keep(kept, line, keptMax);
      await append(lines).catch((error: unknown) => {
        metrics.logged('dropped', lines.length);
        logger.warn({ path, reason: messageOf(error) }, 'predictions are not in the log');
      });
      return lines.map(({ prediction }) => prediction.prediction_id);
    },
    find: (id) => Promise.resolve(kept.get(id)),
    findLogged: (id) => Promise.resolve(kept.get(id)),
    addFeedback: async (feedback) => {
      await append([{ feedback }]);
      keep(kept, { feedback }, keptMax);
    },
    list: (query) => Promise.resolve(newest(query)),
    listWithFeedback: ({ limit, before }) => {
      const all = newest({ limit: keptMax, before });
      return Promise.resolve(all.filter(({ feedback }) => feedback.length > 0).slice(0, limit));
    },
    listOfExperiment: (experiment, limit) => Promise.resolve(newest({ limit, experiment })),
    ensureIndexes: () => Promise.resolve(),
    close: () => writing,
  };
}

/** Adds a line to the predictions that are kept, and forgets the oldest. */
function keep(kept: Map<string, LoggedPrediction>, line: Line, max: number): void {
  if ('prediction' in line) {
    const { prediction } = line;
    kept.set(prediction.prediction_id, { ...prediction, feedback: [] });
    const [oldest] = kept.keys();
    if (kept.size > max && oldest !== undefined) kept.delete(oldest);
    return;
  }
  const { prediction_id } = line.feedback;
  const found = kept.get(prediction_id);
  if (found) kept.set(prediction_id, { ...found, feedback: [...found.feedback, line.feedback] });
}

/** Reads the lines of the file; a line that was cut off by a crash is left out. */
async function* linesOf(path: string): AsyncGenerator<Line> {
  if ((await sizeOf(path)) === 0) return;
  for await (const text of createInterface({ input: createReadStream(path) })) {
    try {
      yield JSON.parse(text, withDates) as Line; // only this role writes the file
    } catch {
      continue;
    }
  }
}

/** Whether the last line of the file has no end. */
async function isCutOff(path: string): Promise<boolean> {
  const bytes = await sizeOf(path);
  if (bytes === 0) return false;
  const file = await open(path);
  try {
    const { buffer } = await file.read({ buffer: Buffer.alloc(1), position: bytes - 1 });
    return buffer.toString() !== '\n';
  } finally {
    await file.close();
  }
}

function withDates(key: string, value: unknown): unknown {
  return key === 'time' && typeof value === 'string' ? new Date(value) : value;
}

async function sizeOf(path: string): Promise<number> {
  return (await stat(path).catch(() => undefined))?.size ?? 0;
}

function isSelected(
  { prediction_id, time, audit, confidence, experiment }: LoggedPrediction,
  query: Omit<PredictionQuery, 'limit'>,
): boolean {
  if (query.before !== undefined && prediction_id >= query.before) return false;
  if (query.since && time < query.since) return false;
  if (query.audit && !audit) return false;
  if (query.experiment !== undefined && experiment?.id !== query.experiment) return false;
  return query.belowConfidence === undefined || confidence < query.belowConfidence;
}
