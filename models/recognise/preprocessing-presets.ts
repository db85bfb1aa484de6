import type { ModelInput } from '../../domain/model/model-manifest.js';

/** How the networks of a family are fed by the code that trains them. */
export interface Convention {
  readonly words: string;
  /** What is left out is asked. */
  readonly input: Partial<Pick<ModelInput, 'channels' | 'scale' | 'mean' | 'std' | 'resize'>>;
}

const PLAIN = { mean: [0, 0, 0], std: [1, 1, 1] } satisfies Partial<ModelInput>;
const STRETCH = { mode: 'stretch' } as const;

export const ULTRALYTICS = {
  words: 'as Ultralytics and the YOLO versions in its manner feed them',
  input: {
    ...PLAIN,
    channels: 'rgb',
    scale: 1 / 255,
    resize: { mode: 'letterbox', anchor: 'center', fill: 114, rounding: 'round' },
  },
} satisfies Convention;

export const ULTRALYTICS_DETR: Convention = {
  words: 'as Ultralytics feeds its RT-DETR',
  input: { ...ULTRALYTICS.input, resize: STRETCH },
};

export const YOLOX: Convention = {
  words: "as YOLOX's own code feeds it",
  input: {
    ...PLAIN,
    channels: 'bgr',
    scale: 1,
    resize: { mode: 'letterbox', anchor: 'top-left', fill: 114, rounding: 'truncate' },
  },
};

export const DETR: Convention = {
  words: 'as RT-DETR and D-FINE are fed by their own code',
  input: { ...PLAIN, channels: 'rgb', scale: 1 / 255, resize: STRETCH },
};

/** Mean and deviation of ImageNet's pixels, 0 to 1, red first. */
const IMAGENET: Pick<ModelInput, 'mean' | 'std'> = {
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
};

/** Which way pictures are brought to a fixed size is not told: DETR's own code feeds any size. */
export const PLAIN_DETR: Convention = {
  words: "as DETR's own code feeds it, and YOLOS, Conditional and Deformable DETR",
  input: { ...IMAGENET, channels: 'rgb', scale: 1 / 255 },
};

export const RF_DETR: Convention = {
  words: "as RF-DETR's own code feeds it",
  input: { ...IMAGENET, channels: 'rgb', scale: 1 / 255, resize: STRETCH },
};

/** These normalise and resize themselves, so they take pictures of any size. */
export const TORCHVISION: Convention = {
  words: "as torchvision's detectors are fed",
  input: { ...PLAIN, channels: 'rgb', scale: 1 / 255 },
};

export const NANODET: Convention = {
  words: "as NanoDet's own code feeds it",
  input: {
    channels: 'bgr',
    scale: 1,
    mean: [103.53, 116.28, 123.675],
    std: [57.375, 57.12, 58.395],
    resize: STRETCH,
  },
};

export const BYTES: Convention = {
  words: "as TensorFlow's detectors take pixels",
  input: { ...PLAIN, channels: 'rgb', scale: 1, resize: STRETCH },
};

export const ULTRALYTICS_CLASSIFIER: Convention = {
  words: 'as Ultralytics feeds its classifiers',
  input: { ...PLAIN, channels: 'rgb', scale: 1 / 255, resize: { mode: 'center-crop' } },
};

export const CLASSIFIER: Convention = {
  words:
    'the default of classifiers; where it was trained with others, say --scale, --mean, --std and --resize',
  input: { ...PLAIN, channels: 'rgb', scale: 1 / 255, resize: STRETCH },
};

/** A classifier that does something to the pixels itself: nothing tells what it leaves to be done. */
export const SCALING_CLASSIFIER: Convention = {
  words: 'the default of classifiers',
  input: { ...PLAIN, channels: 'rgb', resize: STRETCH },
};
