import type { ModelOutput } from '../../../domain/model/model-output.js';
import { AppError } from '../../../domain/errors.js';
import type { Network } from '../../session/network.js';
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
 * The reader of the boxes in a network's outputs; it keeps its working memory from call to call.
 * @throws AppError `INVALID_INPUT` for a network that has no boxes.
 */
export function createOutputReader(network: Network): OutputReader {
  const output: ModelOutput = network.output;
  switch (output.family) {
    case 'yolox':
      return createYoloxReader(network, output);
    case 'yolov5':
      return createYolov5Reader(network, output);
    case 'yolov8':
      return createYolov8Reader(network, output);
    case 'end-to-end':
      return createEndToEndReader(network, output);
    case 'detr':
      return createDetrReader(network, output);
    case 'detections':
      return createDetectionsReader(network, output);
    case 'nanodet':
      return createNanodetReader(network, output);
    case 'classifier':
      throw new AppError(
        'INVALID_INPUT',
        `Model ${network.name} classifies pictures as a whole: it finds no objects in them. Use one that detects.`,
        { model: network.name },
      );
  }
}
