import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import { createMockModel } from '../../models/mock/mock-model.js';
import { spotModelSpec } from './spot-models.js';
import type { ConnectedStack } from './connected-stack.js';
import { writeFixtureModel, recogniseFile } from './fixture-models.js';

/** Publishes a model of the fixture with the input and output of `spots`, under its name. */
export async function publishSpotModel(
  { folder, objects }: ConnectedStack,
  name: string,
): Promise<void> {
  const path = await writeFixtureModel(folder, name);
  const bytes = await readFile(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const origin = { licence: 'unknown', source: 'test' };
  const file = { sha256, size_bytes: bytes.length, task: 'detect' as const, ...origin };
  await createModelRegistry(objects).publish(path, { ...spotModelSpec(name), ...file });
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
  { folder, objects }: ConnectedStack,
  labels: readonly string[],
): Promise<void> {
  const registry = createModelRegistry(objects);
  const parent = join(folder, 'image-models');
  await mkdir(parent);
  for (const [name, answers] of [
    ['keras', { labels }],
    ['masks', {}],
  ] as const) {
    const path = await writeFixtureModel(parent, name);
    const file = await readFile(path);
    const found = await recogniseFile(path, answers);
    const sha256 = createHash('sha256').update(file).digest('hex');
    const facts = { name, sha256, size_bytes: file.length, licence: 'none', source: 'test' };
    await registry.publish(path, { ...facts, ...found });
  }
}
