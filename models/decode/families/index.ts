import type { ModelOutput } from '../../../domain/model/model-output.js';
import { AppError } from '../../../domain/errors.js';
import type { InferenceSpec } from '../../session/inference-spec.js';
import { createDetectionsReader } from './detections.js';
import { createDetrReader } from './detr.js';
import { createEndToEndReader } from './end-to-end.js';
import { createNanodetReader } from './nanodet.js';
import type { OutputReader } from './output-reader.js';
import { createYolov5Reader } from './yolov5.js';
import { createYolov8Reader } from './yolov8.js';
import { createYoloxReader } from './yolox.js';

export type { OutputReader, OutputTensor, TensorShape } from './output-reader.js';

/**
 * Creates the reader of the boxes in a model's outputs, which reuses its working memory.
 * @throws AppError `INVALID_INPUT` for a classifier.
 */
export function createOutputReader(model: InferenceSpec): OutputReader {
  const output: ModelOutput = model.output;
  switch (output.family) {
    case 'yolox':
      return createYoloxReader(model, output);
    case 'yolov5':
      return createYolov5Reader(model, output);
    case 'yolov8':
      return createYolov8Reader(model, output);
    case 'end-to-end':
      return createEndToEndReader(model, output);
    case 'detr':
      return createDetrReader(model, output);
    case 'detections':
      return createDetectionsReader(model, output);
    case 'nanodet':
      return createNanodetReader(model, output);
    case 'ensemble':
      throw new AppError(
        'INVALID_INPUT',
        `Model ${model.name} is an ensemble and has no outputs of its own. Open its members.`,
        { model: model.name },
      );
    case 'classifier':
      throw new AppError(
        'INVALID_INPUT',
        `Model ${model.name} classifies images and does not detect objects. Use a detector.`,
        { model: model.name },
      );
  }
}
