import type { ModelManifest } from '../domain/model-manifest.js';
import { YOLOV8N_FILE, YOLOX_NANO_FILE } from '../domain/known-models.js';
import { COCO_LABELS } from './coco-labels.js';

export { classIdsOf } from './class-ids.js';

/** A manifest before the object store has given it a version. */
export type KnownModel = Omit<ModelManifest, 'version'>;

/** The default network: small, permissive licence. */
export const YOLOX_NANO: KnownModel = {
  ...YOLOX_NANO_FILE.facts,
  family: 'yolox',
  input: {
    width: 416,
    height: 416,
    channels: 'bgr',
    scale: 1,
    letterbox: { anchor: 'top-left', fill: 114 },
  },
  labels: COCO_LABELS,
};

export const YOLOV8N: KnownModel = {
  ...YOLOV8N_FILE.facts,
  family: 'yolov8',
  input: {
    width: 640,
    height: 640,
    channels: 'rgb',
    scale: 1 / 255,
    letterbox: { anchor: 'center', fill: 114 },
  },
  labels: COCO_LABELS,
};

/** The models that Vidette knows by their content, the default one first. */
export const KNOWN_MODELS: readonly KnownModel[] = [YOLOX_NANO, YOLOV8N];

/** The manifest of a model file by the SHA-256 of its bytes (lower-case hex), if it is known. */
export function manifestFor(sha256: string): KnownModel | undefined {
  return KNOWN_MODELS.find((model) => model.sha256 === sha256);
}
