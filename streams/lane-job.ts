import type { LocalModel } from '../domain/ports/model-registry.js';
import type { Size, StoredObject } from '../domain/result/detection.js';
import type { ScenarioInput } from '../domain/stream/scenario-input.js';

/** Parameters of a scenario that a model uses. */
export type DetectParameters = Pick<ScenarioInput, 'conf' | 'iou' | 'max_det' | 'classes'>;

/** One frame of a camera for a lane. */
export interface StreamJob {
  readonly model: LocalModel;
  /** File with its pixels, resized for the model. */
  readonly path: string;
  readonly layout: 'planes' | 'pixels';
  /** Size of the frame before it was resized. */
  readonly size: Size;
  readonly parameters: DetectParameters;
  /** Whether the lane runs no other job at the same time. */
  readonly alone?: boolean;
}

/** Objects of a frame, the most confident first. */
export type StreamResult = readonly StoredObject[];
