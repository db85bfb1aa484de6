import type { LocalModel } from '../domain/ports/model-registry.js';
import { type StreamDetection, toStreamDetection } from '../domain/stream/row.js';
import { letterboxOf } from '../models/preprocess/letterbox.js';
import type { DetectParameters, StreamJob, StreamResult } from './lane-job.js';
import type { FrameNotice } from './protocol.js';

/** Runs one frame in a lane. */
export type DetectFrame = (job: StreamJob) => Promise<StreamResult>;

/** Model of a camera and its parameters. */
export interface Detection {
  readonly model: LocalModel;
  readonly parameters: DetectParameters;
}

/** Objects of a frame, and the model that found them. */
export interface DetectedFrame {
  readonly detections: readonly StreamDetection[];
  readonly model: LocalModel;
}

/** Detects the frames of a camera, and remembers the objects of its scene. */
export interface FrameDetector {
  readonly model: LocalModel;
  readonly configure: (detection: Detection) => void;
  /** Returns the objects of the scene that a frame looks like; undefined if they are unknown. */
  known(frame: FrameNotice): DetectedFrame | undefined;
  /** @param path file with the pixels. */
  detect(frame: FrameNotice, path: string): Promise<DetectedFrame>;
}

export function createFrameDetector(detectFrame: DetectFrame, start: Detection): FrameDetector {
  let detection = start;
  /** Detection of frames that were resized before the present one applied. */
  let previous = start;
  let scene: { readonly arrival: number; readonly found: DetectedFrame } | undefined;
  return {
    configure(next) {
      previous = detection;
      detection = next;
      scene = undefined;
    },
    known: (frame) => {
      const isStill = frame.scene !== frame.arrival && frame.scene === scene?.arrival;
      return isStill ? scene?.found : undefined;
    },
    async detect(frame, path) {
      const { layout, size } = frame;
      const { model, parameters } = isFor(frame, detection) ? detection : previous;
      const objects = await detectFrame({ model, path, layout, size, parameters });
      const found = { detections: objects.map(toStreamDetection), model };
      if (parameters === detection.parameters) scene = { arrival: frame.scene, found };
      return found;
    },
    get model() {
      return detection.model;
    },
  };
}

/** Whether the pixels of a frame have the size that a model requires. */
function isFor({ size, content }: FrameNotice, { model }: Detection): boolean {
  const { width, height } = letterboxOf(size, model.manifest.input).content;
  return content.width === width && content.height === height;
}
