import { type ModelManifest, modelManifestSchema } from '../../domain/model/model-manifest.js';

/** A manifest of a small detector, with some fields changed. */
export function modelManifest(fields: Partial<ModelManifest> = {}): ModelManifest {
  return modelManifestSchema.parse({
    ...{ name: 'mock', version: 1, sha256: 'a'.repeat(64), size_bytes: 1, task: 'detect' },
    output: { family: 'yolov8', orientation: 'columns', coordinates: 'pixels' },
    input: {
      ...{ width: 64, height: 64, channels: 'rgb', layout: 'nchw', dtype: 'float32' },
      ...{ scale: 1, mean: [0, 0, 0], std: [1, 1, 1], resize: { mode: 'stretch' } },
    },
    ...{ labels: ['thing'], licence: 'MIT', source: 'here' },
    ...fields,
  });
}
