import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pMap from 'p-map';
import sharp from 'sharp';
import { type Connected, withClient } from '../cli/connect.js';
import { ownEnvironment, readConfig } from '../config/index.js';
import { createMockModel } from '../models/mock/mock-model.js';
import type { ImageBatch } from '../client/index.js';
import { checkTable } from './check-table.js';
import { formatGrowth, growthOf, type MemorySample } from './memory-growth.js';
import { memoryOf } from './cpu-meter.js';
import { type OwnStack, withOwnStack } from './own-stack.js';
import { print, silently } from './print.js';

const BUCKET = 'bench-images';
const LIST = 'list.jsonl';
/** Different images, which the list repeats under other names. */
const DISTINCT = 200;
const SAMPLE_MS = 500;
const WORKERS = ['detect_worker', 'video_worker'] as const;

/**
 * Measures a batch of images while workers are killed: its rows, its speed, and the memory of each part.
 * Exits with 1 if a row is missing or double, or if memory grows.
 */
export async function benchImages(args: string[]): Promise<void> {
  const options = {
    count: { type: 'string', default: '2000' },
    kills: { type: 'string', default: '2' },
  } as const;
  const { values } = parseArgs({ args, options });
  const [count, kills] = [Number(values.count), Number(values.kills)];
  await withOwnStack(silently, async (stack) => {
    const config = readConfig({ ...ownEnvironment(), ...stack.settings });
    await withClient(config, (connected) => measure(stack, connected, { count, kills }));
  });
}

interface Load {
  readonly count: number;
  readonly kills: number;
}

async function measure(stack: OwnStack, connected: Connected, load: Load): Promise<void> {
  const model = await publishModel(stack, connected);
  await storeImages(connected, load.count);
  const { imageBatches } = connected.client;
  const { batch_id } = await imageBatches.start({ bucket: BUCKET, list: LIST, model });
  const start = performance.now();
  const { samples, killed } = await watch(stack, connected, batch_id, load);
  const seconds = (performance.now() - start) / 1000;
  const { status, done, failed, error } = await imageBatches.get(batch_id);
  print(`${status}: ${done} of ${load.count} images, ${failed} failed${error ? `: ${error}` : ''}`);
  print(`${seconds.toFixed(1)} s, ${(load.count / seconds).toFixed(1)} images per second`);
  print(`killed: ${killed.join(', ') || 'none'}`);
  const { rows, missing, double } = await checkTable(connected, batch_id, load.count);
  print(`${rows} rows, ${missing} missing, ${double} double`);
  const growth = growthOf(samples);
  print(formatGrowth(growth));
  const isComplete = status === 'ready' && missing === 0 && double === 0 && rows === load.count;
  if (!isComplete || killed.length < load.kills || growth.some((each) => each.grows)) {
    process.exitCode = 1;
  }
}

/** Publishes the mock model, which needs hardly any time, and returns its name. */
async function publishModel({ scratchDir }: OwnStack, { models }: Connected): Promise<string> {
  const { bytes, manifest } = createMockModel();
  await mkdir(scratchDir, { recursive: true });
  const path = join(scratchDir, 'bench-mock.onnx');
  await writeFile(path, bytes);
  await models.publish(path, manifest);
  return manifest.name;
}

/** Stores small images of different colours, and a list that names `count` of them. */
async function storeImages({ objects }: Connected, count: number): Promise<void> {
  await objects.ensureBucket(BUCKET);
  const numbers = Array.from({ length: Math.min(count, DISTINCT) }, (_, i) => i);
  const put = async (i: number) => objects.put(BUCKET, keyOf(i), await drawImage(i));
  await pMap(numbers, put, { concurrency: 8 });
  const lines = Array.from({ length: count }, (_, i) =>
    JSON.stringify({ key: keyOf(i % numbers.length), name: `image ${i}` }),
  );
  await objects.put(BUCKET, LIST, lines.join('\n'));
}

const keyOf = (number: number) => `images/${number}.png`;

function drawImage(number: number): Promise<Buffer> {
  const background = { r: number % 256, g: (number * 31) % 256, b: (number * 101) % 256 };
  return sharp({ create: { width: 64, height: 48, channels: 3, background } })
    .png()
    .toBuffer();
}

/** Samples memory until a batch closes, and kills a worker after each equal share of its images. */
async function watch(
  { services }: OwnStack,
  { client }: Connected,
  batchId: string,
  { count, kills }: Load,
) {
  const samples: MemorySample[] = [];
  const killed: string[] = [];
  for (;;) {
    const batch: ImageBatch = await client.imageBatches.get(batchId);
    const pids = await services();
    const share = batch.done / count;
    samples.push({ share, bytes: memoryOf(Object.values(pids)) });
    if (batch.status !== 'processing') return { samples, killed };
    const worker = WORKERS[killed.length % WORKERS.length]!; // it has two
    const pid = pids[worker];
    if (killed.length < kills && share >= (killed.length + 1) / (kills + 1) && pid !== undefined) {
      process.kill(pid, 'SIGKILL');
      killed.push(`${worker} at ${batch.done}`);
    }
    await sleep(SAMPLE_MS);
  }
}
