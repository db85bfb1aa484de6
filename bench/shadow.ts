import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createModelRegistry } from '../adapters/store/model-registry.js';
import { readConfig } from '../config/index.js';
import { AppError } from '../domain/errors.js';
import { sha256 } from '../domain/hash.js';
import { readOnnxFile } from '../models/onnx/onnx-file.js';
import { type Answers, recognise } from '../models/recognise/index.js';
import { type OwnStack, withOwnStack } from './own-stack.js';
import { firstTestImage } from './predict.js';
import { print } from './print.js';
import { quantile, row } from './report.js';

const MODEL = 'shadowed';
/** File of the test data that the benchmark uses, and what its file does not state. */
const TEST_MODEL = 'lifecycle/efficientnet_lite0.onnx';
const TEST_ANSWERS: Answers = {
  ...{ scale: 1, mean: [127, 127, 127], std: [128, 128, 128], resize: { mode: 'stretch' } },
};
/** Time in which the API notices that an experiment was started or stopped, in milliseconds. */
const NOTICE_MS = 1500;
const CACHE_MS = 500;

function readOptions(args: string[]) {
  return parseArgs({
    args,
    options: {
      /** ONNX file of a classifier; default: the one of the test data. */
      model: { type: 'string' },
      image: { type: 'string' },
      /** Seconds of each measurement. */
      seconds: { type: 'string', default: '10' },
      runs: { type: 'string', default: '5' },
      /** Requests per second, sent at fixed times. */
      rate: { type: 'string', default: '10' },
    },
  }).values;
}

/**
 * Measures the latency of `POST /predict` with and without a challenger in the shadow, in turn in one run.
 * Requests are sent at a fixed rate, because a rate that follows the responses would hide delays.
 */
export async function benchShadow(args: string[]): Promise<void> {
  const { image, ...options } = readOptions(args);
  const bytes = await readFile(image ?? (await firstTestImage(readConfig())));
  const variables = {
    ...{ VIDETTE_CLASSIFIER: `${MODEL}@1`, VIDETTE_AUDIT_RATE: '0' },
    VIDETTE_TEST_TIMING: JSON.stringify({ cacheMs: CACHE_MS }),
  };
  await withOwnStack(
    print,
    async (stack) => {
      await publishVersions(stack, options.model);
      const measure = () => sendAtRate(stack, bytes, Number(options.rate), Number(options.seconds));
      await measure();
      const [without, shadowed]: [number[], number[]] = [[], []];
      for (let run = 0; run < Number(options.runs); run++) {
        without.push(...(await measure()));
        const id = await start(stack);
        await sleep(NOTICE_MS);
        shadowed.push(...(await measure()));
        await stop(stack, id);
        await sleep(NOTICE_MS);
      }
      print(format(without, shadowed));
    },
    variables,
  );
}

/** Publishes a file as two versions, which differ in the name of a class. */
async function publishVersions({ objects }: OwnStack, given: string | undefined): Promise<void> {
  const path = given ?? join(readConfig().testDataDir ?? '', TEST_MODEL);
  const file = await readFile(path);
  const { draft } = recognise(await readOnnxFile(path), given === undefined ? TEST_ANSWERS : {});
  if (draft?.task !== 'classify')
    throw new AppError('INVALID_INPUT', `${path} is not a classifier that describes itself.`);
  const origin = { licence: 'unknown', source: path };
  const facts = { name: MODEL, sha256: sha256(file), size_bytes: file.length, ...origin };
  for (const first of ['champion', 'challenger']) {
    const labels = [first, ...draft.labels.slice(1)];
    await createModelRegistry(objects).publish(path, { ...facts, ...draft, labels });
  }
}

/** Sends requests at fixed times; resolves with their latencies in milliseconds. */
async function sendAtRate(
  { apiUrl }: OwnStack,
  image: Buffer,
  rate: number,
  seconds: number,
): Promise<number[]> {
  const begin = performance.now();
  const requests = Array.from({ length: rate * seconds }, async (_, i) => {
    const due = begin + (1000 * i) / rate;
    await sleep(due - performance.now());
    const form = new FormData();
    form.append('file', new Blob([new Uint8Array(image)]), 'a.jpg');
    const response = await fetch(`${apiUrl}/predict`, { method: 'POST', body: form });
    if (!response.ok) throw new AppError('SETUP_FAILED', await response.text());
    await response.arrayBuffer();
    return performance.now() - due;
  });
  return Promise.all(requests);
}

async function start({ apiUrl }: OwnStack): Promise<string> {
  const response = await fetch(`${apiUrl}/api/v1/experiments`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: MODEL, challenger: 2 }),
  });
  if (!response.ok) throw new AppError('SETUP_FAILED', await response.text());
  return ((await response.json()) as { experiment_id: string }).experiment_id;
}

/** Stops an experiment. @throws AppError `SETUP_FAILED` if its challenger did not run. */
async function stop({ apiUrl }: OwnStack, id: string): Promise<void> {
  const response = await fetch(`${apiUrl}/api/v1/experiments/${id}/stop`, { method: 'POST' });
  const { counts } = (await response.json()) as {
    counts: { predictions: { challenger: number }; dropped: number };
  };
  if (counts.predictions.challenger === 0)
    throw new AppError('SETUP_FAILED', 'The challenger ran on no image.');
  print(`challenger: ${counts.predictions.challenger} images, ${counts.dropped} dropped`);
}

function format(without: readonly number[], shadowed: readonly number[]): string {
  const line = (name: string, share: number) => {
    const [before, after] = [quantile(without, share), quantile(shadowed, share)];
    return row(name, before.toFixed(1), after.toFixed(1), (after / before).toFixed(3));
  };
  return [
    `\nlatency of POST /predict in ms, ${without.length} requests each`,
    row('', 'without', 'shadow', 'ratio'),
    line('p50', 0.5),
    line('p95', 0.95),
    line('p99', 0.99),
  ].join('\n');
}
