import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import autocannon from 'autocannon';
import { createModelRegistry } from '../adapters/store/model-registry.js';
import { type Config, readConfig } from '../config/index.js';
import { AppError } from '../domain/errors.js';
import { chooseModel } from './choose-model.js';
import { runTogether } from './limit.js';
import { warmJob } from './one-clip.js';
import { type OwnStack, withOwnStack } from './own-stack.js';
import { runPipeline } from './pipeline.js';
import type { PredictTask } from './predict-lane.js';
import { median, row } from './report.js';
import { print } from './print.js';

const LANE = fileURLToPath(new URL('./predict-lane.js', import.meta.url));
const BOUNDARY = 'vidette-bench';
const WARM_UP_S = 3;

function readOptions(args: string[]) {
  return parseArgs({
    args,
    options: {
      image: { type: 'string' },
      model: { type: 'string' },
      lanes: { type: 'string', default: '1' },
      seconds: { type: 'string', default: '10' },
      runs: { type: 'string', default: '3' },
      /** Concurrent requests per lane. */
      connections: { type: 'string', default: '8' },
      /** Clip of a job that runs during the last measurement; without it, no job runs. */
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

/** Results of one round in images per second, measured one after another. */
interface Round {
  readonly raw: number;
  readonly loop: number;
  readonly api: Load;
}

/** Compares `POST /predict` with its upper limits in the same number of processes, in turn. */
export async function benchPredict(args: string[]): Promise<void> {
  const options = readOptions(args);
  const config = readConfig();
  const image = options.image ?? (await firstTestImage(config));
  const model = await chooseModel(options, config);
  const { manifest, path: modelPath } = model;
  const seconds = Number(options.seconds);
  const task = { manifest, modelPath, image, seconds };
  const runAlone = (decode: boolean) => {
    const tasks = Array.from({ length: Number(options.lanes) }, () => ({ ...task, decode }));
    return runTogether<PredictTask>(tasks, LANE);
  };
  await withOwnStack(
    print,
    async (stack) => {
      await createModelRegistry(stack.objects).publish(modelPath, manifest);
      const load = await createLoad(stack, options, { image, model: manifest.name });
      await load(WARM_UP_S);
      const rounds: Round[] = [];
      for (let run = 0; run < Number(options.runs); run++) {
        const [raw, loop] = [await runAlone(false), await runAlone(true)];
        rounds.push({ raw, loop, api: await load(seconds) });
      }
      print(format(rounds, `${manifest.name}, ${image}, ${options.lanes} lane(s)`));
      if (options.clip !== undefined) await loadDuringJob(stack, options.clip, load);
    },
    { VIDETTE_API_LANES: options.lanes },
  );
}

/** Returns the path of an image of the test data. */
export async function firstTestImage({ testDataDir }: Config): Promise<string> {
  if (testDataDir !== undefined) {
    const folder = join(testDataDir, 'images');
    const [name] = (await readdir(folder)).filter((each) => each.endsWith('.jpg')).sort();
    if (name !== undefined) return join(folder, name);
  }
  throw new AppError(
    'INVALID_INPUT',
    'Missing image: set --image a.jpg, or VIDETTE_TEST_DATA to a folder that contains images/.',
  );
}

/**
 * Returns a function that sends the same form repeatedly.
 * @throws AppError `SETUP_FAILED` if a response is not a prediction.
 */
async function createLoad(
  { apiUrl }: OwnStack,
  { lanes, connections }: Options,
  { image, model }: { readonly image: string; readonly model: string },
): Promise<(seconds: number) => Promise<Load>> {
  const head = `--${BOUNDARY}\r\ncontent-disposition: form-data; name="file"; filename="a.jpg"\r\n\r\n`;
  const body = Buffer.concat([
    Buffer.from(head),
    await readFile(image),
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
      throw new AppError('SETUP_FAILED', `${non2xx + errors} requests failed.`);
    }
    const perSecond = result['2xx'] / result.duration;
    return { perSecond, p50Ms: latency.p50, p99Ms: latency.p99 };
  };
}

function format(rounds: readonly Round[], title: string): string {
  const medianOf = (read: (round: Round) => number) => median(rounds.map(read));
  const line = (name: string, read: (round: Round) => number) =>
    row(
      name,
      ...[medianOf(read), Math.min(...rounds.map(read)), Math.max(...rounds.map(read))].map(
        (value) => value.toFixed(1),
      ),
      medianOf((round) => read(round) / round.raw).toFixed(2),
      medianOf((round) => read(round) / round.loop).toFixed(2),
    );
  return [
    `\n${title}, median of ${rounds.length}`,
    row('', 'images/s', 'lowest', 'highest', 'vs. inference', 'vs. loop'),
    line('inference alone', ({ raw }) => raw),
    line('loop that decodes and infers', ({ loop }) => loop),
    line('POST /predict', ({ api }) => api.perSecond),
    `latency of POST /predict: p50 ${medianOf(({ api }) => api.p50Ms).toFixed(0)} ms, p99 ${medianOf(({ api }) => api.p99Ms).toFixed(0)} ms`,
  ].join('\n');
}

/** Measures a job and predictions that run at the same time. */
async function loadDuringJob(
  stack: OwnStack,
  clip: string,
  load: (seconds: number) => Promise<Load>,
): Promise<void> {
  const request = await warmJob(stack, { clip, frames: '500' });
  const alone = await runPipeline(stack.client, stack.pids, { ...request, frames: 'none' });
  const job = runPipeline(stack.client, stack.pids, { ...request, frames: 'none' });
  const { perSecond, p99Ms } = await load(Math.max(WARM_UP_S, Math.floor(alone.seconds / 2)));
  const { fps, frames } = await job;
  print(`\nA job of ${frames} frames: alone ${alone.fps.toFixed(1)} frames/s, with predictions`);
  print(`${fps.toFixed(1)}; predictions meanwhile ${perSecond.toFixed(1)}/s, p99 ${p99Ms} ms`);
}
