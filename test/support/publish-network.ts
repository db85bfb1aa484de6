import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import { createMockModel } from '../../models/mock/mock-model.js';
import { spotsNetwork } from './spots.js';
import type { TestStack } from './stack.js';
import { placeNetwork } from './test-networks.js';

/** Publishes a network of the fixture that is fed and read as `spots` is, under its name. */
export async function publishSpots({ folder, objects }: TestStack, name: string): Promise<void> {
  const path = await placeNetwork(folder, name);
  const bytes = await readFile(path);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const origin = { licence: 'unknown', source: 'test' };
  const file = { sha256, size_bytes: bytes.length, task: 'detect' as const, ...origin };
  await createModelRegistry(objects).publish(path, { ...spotsNetwork(name), ...file });
}

/** Publishes the made network `mock`, which finds the same objects in every picture. */
export async function publishMock({ folder, objects }: TestStack): Promise<void> {
  const { bytes, manifest } = createMockModel();
  const path = join(folder, 'mock.onnx');
  await writeFile(path, bytes);
  await createModelRegistry(objects).publish(path, manifest);
}
