import pMap from 'p-map';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ImageBatchRequest } from '../../client/index.js';
import { SHARD_IMAGES } from '../../domain/image-batch/slices.js';
import { imageBatchWorkflowIdOf } from '../../domain/workflow-ids.js';
import { plainImage } from '../support/plain-image.js';
import { publishClassifier } from '../support/publish-models.js';
import { startStack, type TestStack } from '../support/stack.js';
import { clientOf } from '../support/vidette-client.js';
import { recordHistory } from './record-history.js';

const BUCKET = 'incoming';
const MODEL = 'fish';
/** Different images, which the lists repeat. */
const DISTINCT = 20;
/** More than one slice. */
const FEW = 600;
/** A batch of two shards, which continues as new. */
const MANY = SHARD_IMAGES + 300;
const RUNS_FOR_MS = 240_000;

let stack: TestStack;
beforeAll(async () => {
  stack = await startStack();
  await publishClassifier(stack, MODEL, ['bass', 'salmon', 'trout']);
  await stack.objects.ensureBucket(BUCKET);
  const numbers = Array.from({ length: DISTINCT }, (_, i) => i);
  await pMap(numbers, async (i) => stack.objects.put(BUCKET, `i/${i}`, await plainImage(i)));
  await stack.objects.put(BUCKET, 'broken', 'not an image');
});
afterAll(() => stack?.close());

/** Stores a list of images and starts a batch of them. */
async function start(name: string, keys: readonly string[]) {
  const lines = keys.map((key, i) => JSON.stringify({ key, name: `image ${i}` }));
  await stack.objects.put(BUCKET, `${name}.jsonl`, lines.join('\n'));
  const request: ImageBatchRequest = { bucket: BUCKET, list: `${name}.jsonl`, model: MODEL };
  const { batch_id } = await clientOf(stack).imageBatches.start({ ...request, batch_id: name });
  return stack.client.workflow.getHandle(imageBatchWorkflowIdOf(batch_id));
}

const keysOf = (count: number) => Array.from({ length: count }, (_, i) => `i/${i % DISTINCT}`);
const record = (name: string, workflowId: string, runId?: string) =>
  recordHistory(stack.client, name, workflowId, runId);

it('records a batch of images', async () => {
  const handle = await start('images-ready', keysOf(FEW));
  await handle.result();
  await record('images-ready', handle.workflowId);
});

it('records a batch with too many failed images', async () => {
  const handle = await start(
    'images-failed',
    keysOf(FEW).map((key, i) => (i % 2 === 0 ? key : 'broken')),
  );
  await expect(handle.result()).rejects.toThrow();
  await record('images-failed', handle.workflowId);
});

it('records a cancelled batch', { timeout: RUNS_FOR_MS }, async () => {
  const handle = await start('images-cancelled', keysOf(MANY));
  const { imageBatches } = clientOf(stack);
  const done = async () => (await imageBatches.get('images-cancelled')).done;
  await expect.poll(done).toBeGreaterThan(0);
  await imageBatches.cancel('images-cancelled');
  await handle.result().catch(() => undefined);
  await record('images-cancelled', handle.workflowId);
});

it('records a batch that continued as new', { timeout: RUNS_FOR_MS }, async () => {
  const handle = await start('images-continued', keysOf(MANY));
  const { runId } = await handle.describe();
  await handle.result();
  await record('images-continued-first', handle.workflowId, runId);
  await record('images-continued-last', handle.workflowId);
});
