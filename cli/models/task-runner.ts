import type { Detection, Size } from '../../domain/result/detection.js';
import { taskOf } from '../../domain/model/model-output.js';
import { bestClasses, openClassifier } from '../../models/classifier.js';
import { openDetector } from '../../models/detector.js';
import type { NetworkOptions } from '../../models/session/running-network.js';
import { type Mask, openSegmenter } from '../../models/segmenter.js';

const OPTIONS = { conf: 0.25, iou: 0.45, maxDetections: 300 };
const CLASSES_SHOWN = 5;
/** Digits of a confidence that are shown. */
const DECIMALS = 3;

export interface FoundObject {
  readonly class: string;
  readonly box: readonly number[];
  readonly conf: number;
  /** Pixels of the picture that its mask covers, of a network that segments. */
  readonly area?: number;
}

/** What a network finds in a picture: objects, or its best classes. */
export type Finds =
  | { readonly objects: readonly FoundObject[]; readonly classes?: undefined }
  | {
      readonly classes: readonly { readonly class: string; readonly conf: number }[];
      readonly objects?: undefined;
    };

/** A network that is run for what it is for. */
export interface TaskRunner {
  contentSize(frame: Size): Size;
  /** Runs it on pixels R, G, B of the content's size. */
  run(pixels: Uint8Array, frame: Size): Promise<Finds>;
  close(): Promise<void>;
}

/** Loads a network as its task asks. */
export function openForTask(options: NetworkOptions): Promise<TaskRunner> {
  return OPEN[taskOf(options.manifest.output)](options);
}

const OPEN = { detect: openBoxes, segment: openMasks, classify: openClasses };

async function openBoxes(options: NetworkOptions): Promise<TaskRunner> {
  const detector = await openDetector(options);
  const toObject = objectsOf(options);
  return {
    contentSize: detector.contentSize,
    run: async (pixels, frame) => {
      const found = await detector.detectPixels(pixels, frame, OPTIONS);
      return { objects: found.map(toObject) };
    },
    close: detector.close,
  };
}

async function openMasks(options: NetworkOptions): Promise<TaskRunner> {
  const segmenter = await openSegmenter(options);
  const toObject = objectsOf(options);
  return {
    contentSize: segmenter.contentSize,
    run: async (pixels, frame) => {
      const found = await segmenter.segmentPixels(pixels, frame, OPTIONS);
      return { objects: found.map((each) => ({ ...toObject(each), area: areaOf(each.mask) })) };
    },
    close: segmenter.close,
  };
}

async function openClasses(options: NetworkOptions): Promise<TaskRunner> {
  const classifier = await openClassifier(options);
  const { labels } = options.manifest;
  return {
    contentSize: classifier.contentSize,
    run: async (pixels, frame) => {
      const best = bestClasses(await classifier.classifyPixels(pixels, frame), CLASSES_SHOWN);
      return {
        classes: best.map(({ classId, confidence }) => ({
          class: labels[classId]!, // a label each
          conf: rounded(confidence),
        })),
      };
    },
    close: classifier.close,
  };
}

function objectsOf({ manifest: { labels } }: NetworkOptions) {
  return ({ classId, confidence, bbox }: Detection): FoundObject => ({
    class: labels[classId] ?? String(classId),
    box: bbox.map(Math.round),
    conf: rounded(confidence),
  });
}

function areaOf({ data }: Mask): number {
  return data.reduce((area, value) => area + (value > 0 ? 1 : 0), 0);
}

function rounded(confidence: number): number {
  return Number(confidence.toFixed(DECIMALS));
}
