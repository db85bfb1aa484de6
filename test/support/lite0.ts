import { join } from 'node:path';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { Answers } from '../../models/recognise/index.js';
import { classifierManifest } from './training-folder.js';

/** EfficientNet-Lite0 of the reference data, a classifier of ImageNet. */
export const LITE0 = join(process.env.VIDETTE_TEST_DATA ?? '', 'lifecycle/efficientnet_lite0.onnx');

/** How its input is fed. */
export const LITE0_ANSWERS: Answers = {
  ...{ scale: 1, mean: [127, 127, 127], std: [128, 128, 128] },
  resize: { mode: 'stretch' },
};

/** Publishes the classifier under a name. */
export async function publishLite0(objects: ObjectStore, name: string): Promise<void> {
  const { version: _version, ...manifest } = await classifierManifest(LITE0, name, LITE0_ANSWERS);
  await createModelRegistry(objects).publish(LITE0, manifest);
}
