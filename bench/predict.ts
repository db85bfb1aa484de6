import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { createModelRegistry } from '../adapters/store/model-registry.js';
import { type Config, readConfig } from '../config/index.js';
import { AppError } from '../domain/errors.js';
import { chooseModel } from './compare.js';
import { together } from './limit.js';
import { warmJob } from './one-clip.js';
import { type OwnStack, withOwnStack } from './own-stack.js';
import { runPipeline } from './pipeline.js';
import type { PredictTask } from './predict-lane.js';
import { median, row } from './report.js';
import { say } from './say.js';

const LANE = fileURLToPath(new URL('./predict-lane.js', import.meta.url));
const BOUNDARY = 'vidette-bench';
const WARM_UP_S = 3;

function readOptions(args: string[]) {
  return parseArgs({
    args,
    options: {
      picture: { type: 'string' },
      model: { type: 'string' },
      lanes: { type: 'string', default: '1' },
      seconds: { type: 'string', default: '10' },
      runs: { type: 'string', default: '3' },
      /** Of each lane: requests that are on their way at once. */
      connections: { type: 'string', default: '8' },
      /** A job on this clip runs during the last measurement; without it, none does. */
      clip: { type: 'string' },
    },
  }).values;
}

type Options = ReturnType<typeof readOptions>;

interface Load {
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

/** One round: pictures per second of each, measured one after another. */
interface Round {
  readonly raw: number;
  readonly loop: number;
  readonly api: Load;
}

/** Measures `POST /predict` beside what bounds it, in as many processes, by turns. */
export async function benchPredict(args: string[]): Promise<void> {
  const options = readOptions(args);
  const config = readConfig();
  const picture = options.picture ?? (await firstPicture(config));
  const model = await chooseModel(options, config);
  const { manifest, path: modelPath } = model;
  const seconds = Number(options.seconds);
  const task = { manifest, modelPath, picture, seconds };
  const alone = (decode: boolean) => {
    const tasks = Array.from({ length: Number(options.lanes) }, () => ({ ...task, decode }));
    return together<PredictTask>(tasks, LANE);
  };
  await withOwnStack(
    say,
    async (stack) => {
      await createModelRegistry(stack.objects).publish(modelPath, manifest);
      const load = await createLoad(stack, options, { picture, model: manifest.name });
      await load(WARM_UP_S);
      const rounds: Round[] = [];
      for (let run = 0; run < Number(options.runs); run++) {
        const [raw, loop] = [await alone(false), await alone(true)];
        rounds.push({ raw, loop, api: await load(seconds) });
      }
      say(format(rounds, `${manifest.name}, ${picture}, ${options.lanes} lane(s)`));
      if (options.clip !== undefined) await loadBesideJob(stack, options.clip, load);
    },
    { VIDETTE_API_LANES: options.lanes },
  );
}

async function firstPicture({ testDataDir }: Config): Promise<string> {
  if (testDataDir !== undefined) {
    const folder = join(testDataDir, 'images');
    const [name] = (await readdir(folder)).filter((each) => each.endsWith('.jpg')).sort();
    if (name !== undefined) return join(folder, name);
  }
  throw new AppError(
    'INVALID_INPUT',
    'Which picture? Give --picture a.jpg, or set VIDETTE_TEST_DATA to a folder with images/.',
  );
}

/** Sends the same form again and again; all answers must be predictions. */
async function createLoad(
  { apiUrl }: OwnStack,
  { lanes, connections }: Options,
  { picture, model }: { readonly picture: string; readonly model: string },
): Promise<(seconds: number) => Promise<Load>> {
  const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n`;
  const body = Buffer.concat([
    Buffer.from(head),
    await readFile(picture),
    Buffer.from(`\r\n--${BOUNDARY}--\r\n`),
  ]);
  return async (seconds) => {
    const result = await autocannon({
      url: `${apiUrl}/predict?model=${model}`,
      method: 'POST',
      headers: { 'content-type': `multipart/form-data; boundary=${BOUNDARY}` },
      body,
      connections: Number(lanes) * Number(connections),
      duration: seconds,
    });
    const { non2xx, errors, latency } = result;
    if (non2xx + errors > 0) {
      throw new AppError('SETUP_FAILED', `${non2xx + errors} requests had no prediction.`);
    }
    const perSecond = result['2xx'] / result.duration;
    return { perSecond, p50Ms: latency.p50, p99Ms: latency.p99 };
  };
}

function format(rounds: readonly Round[], title: string): string {
  const of = (read: (round: Round) => number) => median(rounds.map(read));
  const line = (name: string, read: (round: Round) => number) =>
    row(
      name,
      ...[of(read), Math.min(...rounds.map(read)), Math.max(...rounds.map(read))].map((value) =>
        value.toFixed(1),
      ),
      of((round) => read(round) / round.raw).toFixed(2),
      of((round) => read(round) / round.loop).toFixed(2),
    );
  return [
    `\n${title}, median of ${rounds.length}`,
    row('', 'pictures/s', 'lowest', 'highest', 'of inference', 'of the loop'),
    line('inference alone', ({ raw }) => raw),
    line('loop that decodes and infers', ({ loop }) => loop),
    line('POST /predict', ({ api }) => api.perSecond),
    `latency of POST /predict: p50 ${of(({ api }) => api.p50Ms).toFixed(0)} ms, p99 ${of(({ api }) => api.p99Ms).toFixed(0)} ms`,
  ].join('\n');
}

/** Pictures go on while a job does, and the job while pictures do. */
async function loadBesideJob(
  stack: OwnStack,
  clip: string,
  load: (seconds: number) => Promise<Load>,
): Promise<void> {
  const request = await warmJob(stack, { clip, frames: '500' });
  const alone = await runPipeline(stack.client, stack.pids, { ...request, frames: 'none' });
  const job = runPipeline(stack.client, stack.pids, { ...request, frames: 'none' });
  const { perSecond, p99Ms } = await load(Math.max(WARM_UP_S, Math.floor(alone.seconds / 2)));
  const { fps, frames } = await job;
  say(`\nA job of ${frames} frames: alone ${alone.fps.toFixed(1)} frames/s, beside pictures`);
  say(`${fps.toFixed(1)}; pictures meanwhile ${perSecond.toFixed(1)}/s, p99 ${p99Ms} ms`);
}
