import type { ContentSize } from '../domain/model/content-size.js';
import { taskOf } from '../domain/model/model-output.js';
import { type Detection, type Size, toStored } from '../domain/result/detection.js';
import type { Findings } from '../domain/result/image-prediction.js';
import type { Classifier } from './classifier.js';
import type { Detector, DetectOptions } from './detector.js';
import { loadClassifier, loadDetector } from './load-model.js';
import { type Mask, openSegmenter } from './segmenter.js';
import type { FramePixels, ModelOptions } from './session/running-model.js';

/** An object in pixels of the frame, with its mask if one was requested and the model has masks. */
export interface PredictedObject extends Detection {
  readonly mask?: Mask;
}

/** Objects, or the confidences of all classes in the order of the labels. */
export type Prediction =
  | { readonly kind: 'objects'; readonly objects: readonly PredictedObject[] }
  | { readonly kind: 'classes'; readonly confidences: Float64Array };

/** Options of detection; a classifier ignores them. */
export interface PredictOptions extends DetectOptions {
  /** Whether a model that segments also decodes masks, which takes time. */
  readonly masks: boolean;
}

/** A loaded model of any task. */
export interface TaskModel {
  /** Size in pixels to which a frame must be resized before it is passed to `predict`. */
  readonly contentSize: (frameSize: Size) => ContentSize;
  /** Predicts on one frame of the content's size; `frameSize` is its size before it was resized. */
  readonly predict: (
    frame: FramePixels,
    frameSize: Size,
    options: PredictOptions,
  ) => Promise<Prediction>;
  readonly close: () => Promise<void>;
}

/**
 * Loads a model or an ensemble as a detector, a segmenter or a classifier, depending on the outputs in
 * its manifest.
 * @throws AppError as {@link loadDetector} does.
 */
export function openForTask(options: ModelOptions): Promise<TaskModel> {
  return OPENERS[taskOf(options.manifest.output)](options);
}

const OPENERS = { detect: detectorModel, segment: segmenterModel, classify: classifierModel };

/** Returns a prediction with boxes in whole pixels of the frame and with labels. */
export function toFindings(
  prediction: Prediction,
  frameSize: Size,
  labels: readonly string[],
): Findings {
  if (prediction.kind === 'classes')
    return { kind: 'classes', confidences: Array.from(prediction.confidences) };
  const objects = prediction.objects.map((object) => toStored(object, frameSize, labels));
  return { kind: 'objects', objects };
}

async function detectorModel(options: ModelOptions): Promise<TaskModel> {
  return taskOfDetector(await loadDetector(options));
}

/** Predicts with a loaded detector. */
export function taskOfDetector({ contentSize, detect, close }: Detector): TaskModel {
  return {
    contentSize,
    predict: async (frame, frameSize, predictOptions) => {
      const [objects] = await detect([frame], frameSize, predictOptions);
      return { kind: 'objects', objects: objects! };
    },
    close,
  };
}

async function segmenterModel(options: ModelOptions): Promise<TaskModel> {
  const { contentSize, detect, segment, close } = await openSegmenter(options);
  return {
    contentSize,
    predict: async (frame, frameSize, predictOptions) => {
      const predictObjects = predictOptions.masks ? segment : detect;
      const [objects] = await predictObjects([frame], frameSize, predictOptions);
      return { kind: 'objects', objects: objects! };
    },
    close,
  };
}

async function classifierModel(options: ModelOptions): Promise<TaskModel> {
  return taskOfClassifier(await loadClassifier(options));
}

/** Predicts with a loaded classifier. */
export function taskOfClassifier({ contentSize, classify, close }: Classifier): TaskModel {
  return {
    contentSize,
    predict: async (frame, frameSize) => {
      const [confidences] = await classify([frame], frameSize);
      return { kind: 'classes', confidences: confidences! };
    },
    close,
  };
}
