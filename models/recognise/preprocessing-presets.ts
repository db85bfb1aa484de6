import type { ModelInput } from '../../domain/model/model-manifest.js';

/** Preprocessing of a family of models, as in the code that trains them. */
export interface Convention {
  readonly words: string;
  /** The user is asked for missing fields. */
  readonly input: Partial<Pick<ModelInput, 'channels' | 'scale' | 'mean' | 'std' | 'resize'>>;
}

const PLAIN = { mean: [0, 0, 0], std: [1, 1, 1] } satisfies Partial<ModelInput>;
const STRETCH = { mode: 'stretch' } as const;

export const ULTRALYTICS = {
  words: 'of the preprocessing of Ultralytics and compatible YOLO versions',
  input: {
    ...PLAIN,
    channels: 'rgb',
    scale: 1 / 255,
    resize: { mode: 'letterbox', anchor: 'center', fill: 114, rounding: 'round' },
  },
} satisfies Convention;

export const ULTRALYTICS_DETR: Convention = {
  words: 'of the preprocessing of RT-DETR in Ultralytics',
  input: { ...ULTRALYTICS.input, resize: STRETCH },
};

export const YOLOX: Convention = {
  words: "of the preprocessing in YOLOX's code",
  input: {
    ...PLAIN,
    channels: 'bgr',
    scale: 1,
    resize: { mode: 'letterbox', anchor: 'top-left', fill: 114, rounding: 'truncate' },
  },
};

export const DETR: Convention = {
  words: 'of the preprocessing in the code of RT-DETR and D-FINE',
  input: { ...PLAIN, channels: 'rgb', scale: 1 / 255, resize: STRETCH },
};

/** Mean and standard deviation of ImageNet's pixels, 0 to 1, red first. */
const IMAGENET: Pick<ModelInput, 'mean' | 'std'> = {
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

/** The resize mode is unknown, because DETR's code takes images of any size. */
export const PLAIN_DETR: Convention = {
  words: "of the preprocessing in DETR's code, also used by YOLOS, Conditional and Deformable DETR",
  input: { ...IMAGENET, channels: 'rgb', scale: 1 / 255 },
};

export const RF_DETR: Convention = {
  words: "of the preprocessing in RF-DETR's code",
  input: { ...IMAGENET, channels: 'rgb', scale: 1 / 255, resize: STRETCH },
};

/** These models normalise and resize in the graph, so they take images of any size. */
export const TORCHVISION: Convention = {
  words: "of the preprocessing of torchvision's detectors",
  input: { ...PLAIN, channels: 'rgb', scale: 1 / 255 },
};

export const NANODET: Convention = {
  words: "of the preprocessing in NanoDet's code",
  input: {
    channels: 'bgr',
    scale: 1,
    mean: [103.53, 116.28, 123.675],
    std: [57.375, 57.12, 58.395],
    resize: STRETCH,
  },
};

export const BYTES: Convention = {
  words: "of the pixel format of TensorFlow's detectors",
  input: { ...PLAIN, channels: 'rgb', scale: 1, resize: STRETCH },
};

export const ULTRALYTICS_CLASSIFIER: Convention = {
  words: 'of the preprocessing of classifiers in Ultralytics',
  input: { ...PLAIN, channels: 'rgb', scale: 1 / 255, resize: { mode: 'center-crop' } },
};

export const CLASSIFIER: Convention = {
  words:
    'that is the default for classifiers; if it was trained differently, specify --scale, --mean, --std and --resize',
  input: { ...PLAIN, channels: 'rgb', scale: 1 / 255, resize: STRETCH },
};

/** A classifier with arithmetic on pixels in the graph: the remaining scale is unknown. */
export const SCALING_CLASSIFIER: Convention = {
  words: 'that is the default for classifiers',
  input: { ...PLAIN, channels: 'rgb', resize: STRETCH },
};

/** A classifier that scales pixel values of 0 to 255 in the graph. */
export const BYTES_CLASSIFIER: Convention = {
  words: 'that is the default for classifiers, except for the scale: the model has its own',
  input: { ...PLAIN, channels: 'rgb', scale: 1, resize: STRETCH },
};
