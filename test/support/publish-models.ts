import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import type { Answers } from '../../models/recognise/index.js';
import { createMockModel } from '../../models/mock/mock-model.js';
import { spotModelSpec } from './spot-models.js';
import type { ConnectedStack } from './connected-stack.js';
import { writeFixtureModel, recogniseFile } from './fixture-models.js';

/** Publishes a model of the fixture with the input and output of `spots`, by default under its name. */
export async function publishSpotModel(
  { folder, objects }: ConnectedStack,
  fixture: string,
  name = fixture,
): Promise<void> {
  const path = await writeFixtureModel(folder, fixture);
  const bytes = await readFile(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const origin = { licence: 'unknown', source: 'test' };
  const file = { sha256, size_bytes: bytes.length, task: 'detect' as const, ...origin };
  await createModelRegistry(objects).publish(path, { ...spotModelSpec(fixture), name, ...file });
}

/** Publishes the generated model `mock`, which finds the same objects in every image. */
export async function publishMock({ folder, objects }: ConnectedStack): Promise<void> {
  const { bytes, manifest } = createMockModel();
  const path = join(folder, 'mock.onnx');
  await writeFile(path, bytes);
  await createModelRegistry(objects).publish(path, manifest);
}

/** Publishes the classifier `keras` with these labels, and the segmenter `masks`. */
export async function publishImageModels(
  stack: ConnectedStack,
  labels: readonly string[],
): Promise<void> {
  await publishClassifier(stack, 'keras', labels);
  await publishRecognised(stack, 'masks', 'masks', {});
}

/** Publishes the small classifier of the fixture under a name. */
export function publishClassifier(
  stack: ConnectedStack,
  name: string,
  labels: readonly string[],
): Promise<void> {
  return publishRecognised(stack, 'keras', name, { labels });
}

/** Publishes a model of the fixture under a name, with what is recognised in its file. */
async function publishRecognised(
  { folder, objects }: ConnectedStack,
  fixture: string,
  name: string,
  answers: Answers,
): Promise<void> {
  const path = await writeFixtureModel(join(folder, `model-${name}`), fixture);
  const file = await readFile(path);
  const found = await recogniseFile(path, answers);
  const sha256 = createHash('sha256').update(file).digest('hex');
  const facts = { name, sha256, size_bytes: file.length, licence: 'none', source: 'test' };
  await createModelRegistry(objects).publish(path, { ...facts, ...found });
}

/** Publishes two versions of the model `mock`, with other classes, under a name. */
export async function publishMockVersions(
  { folder, objects }: ConnectedStack,
  name: string,
): Promise<void> {
  const { bytes, manifest } = createMockModel();
  const path = join(folder, `${name}.onnx`);
  await writeFile(path, bytes);
  for (const labels of [manifest.labels, manifest.labels.map((label) => `new ${label}`)]) {
    await createModelRegistry(objects).publish(path, { ...manifest, name, labels });
  }
}
