import type { ModelManifest } from '../domain/model/model-manifest.js';
import { YOLOV8N_FILE, YOLOX_NANO_FILE } from '../domain/model/known-models.js';
import { COCO_LABELS } from '../domain/model/coco-labels.js';

export { classIdsOf } from './class-ids.js';

/** A manifest before the object store has given it a version. */
export type KnownModel = Omit<ModelManifest, 'version'>;

/** A float input in NCHW layout whose values are scaled but not normalised. */
const PLAIN_INPUT = {
  layout: 'nchw',
  dtype: 'float32',
  mean: [0, 0, 0],
  std: [1, 1, 1],
} as const satisfies Partial<ModelManifest['input']>;

/** The default model: small, with a permissive licence (YOLOX, arXiv:2107.08430). */
export const YOLOX_NANO: KnownModel = {
  ...YOLOX_NANO_FILE.facts,
  task: 'detect',
  input: {
    ...PLAIN_INPUT,
    width: 416,
    height: 416,
    channels: 'bgr',
    scale: 1,
    resize: { mode: 'letterbox', anchor: 'top-left', fill: 114, rounding: 'truncate' },
  },
  output: { family: 'yolox', strides: [8, 16, 32] },
  labels: COCO_LABELS,
};

export const YOLOV8N: KnownModel = {
  ...YOLOV8N_FILE.facts,
  task: 'detect',
  input: {
    ...PLAIN_INPUT,
    width: 640,
    height: 640,
    channels: 'rgb',
    scale: 1 / 255,
    resize: { mode: 'letterbox', anchor: 'center', fill: 114, rounding: 'round' },
  },
  output: { family: 'yolov8', orientation: 'columns', coordinates: 'pixels' },
  labels: COCO_LABELS,
};

/** Models that are recognised by their content, the default first. */
export const KNOWN_MODELS: readonly KnownModel[] = [YOLOX_NANO, YOLOV8N];

/** Finds the manifest of a known model file by the SHA-256 of its bytes (lower-case hex). */
export function manifestFor(sha256: string): KnownModel | undefined {
  return KNOWN_MODELS.find((model) => model.sha256 === sha256);
}
