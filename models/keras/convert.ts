import { writeFile } from 'node:fs/promises';
import { AppError, messageOf } from '../../domain/errors.js';
import { writeOnnx } from '../onnx/write-onnx.js';
import { type KerasArchive, readKerasArchive } from './archive.js';
import {
  type ImageShape,
  inputShapeOf,
  type KerasLayer,
  parseKerasVersion,
  parseModel,
} from './config.js';
import { convertModel } from './convert-model.js';
import { damaged } from './errors.js';
import { createGraph, type Value } from './graph.js';
import { toChannelsFirst, toChannelsLast } from './layers/layout.js';
import { pixelScaleOf } from './pixel-scale.js';
import { openWeights } from './weights.js';

/** Opset with all operations of the layers. */
const OPSET = 17;
const INPUT = 'input';
const OUTPUT = 'output';

/** Whether a path is that of a file of Keras 3. */
export function isKerasFile(path: string): boolean {
  return /\.keras$/i.test(path);
}

/**
 * Converts a `.keras` file to an ONNX file with the same outputs. The same file always gives the same
 * bytes.
 * @throws AppError `MODEL_INVALID` for a file that is damaged, or has a layer that is not supported.
 */
export async function convertKeras(path: string, target: string): Promise<void> {
  try {
    await writeFile(target, await toOnnx(await readKerasArchive(path)));
  } catch (cause) {
    const { message } =
      cause instanceof AppError ? cause : damaged(`is damaged (${messageOf(cause)})`);
    throw new AppError('MODEL_INVALID', `${path} ${message}`, {}, { cause });
  }
}

async function toOnnx({ metadata, config, weights }: KerasArchive): Promise<Uint8Array> {
  const version = parseKerasVersion(metadata);
  const model = parseModel(config);
  const shape = inputShapeOf(model);
  const { graph, pixels, output } = await buildGraph(model, shape, weights);
  const scale = pixelScaleOf(graph, pixels);
  return writeOnnx({
    name: 'keras',
    opset: OPSET,
    metadata: { keras_version: version, ...(scale !== undefined && { pixel_scale: `${scale}` }) },
    inputs: [{ name: INPUT, type: 'float32', dims: inputDims(shape) }],
    outputs: [{ name: OUTPUT, type: 'float32', dims: outputDims(output) }],
    nodes: graph.nodes,
    weights: graph.weights,
  });
}

async function buildGraph(model: KerasLayer, [, , channels]: ImageShape, bytes: Uint8Array) {
  const graph = createGraph();
  const weights = await openWeights(bytes);
  try {
    const pixels = toChannelsFirst(graph, INPUT, 4);
    const input: Value = { name: pixels, rank: 4, channels };
    const output = convertModel({ graph, weights }, model, input);
    graph.add('Identity', [toChannelsLast(graph, output)], {}, OUTPUT);
    return { graph, pixels, output };
  } finally {
    weights.close();
  }
}

function inputDims([height, width, channels]: ImageShape): readonly (number | string)[] {
  return ['batch', height ?? 'height', width ?? 'width', channels];
}

function outputDims({ rank, channels }: Value): readonly (number | string)[] {
  const values = channels ?? 'classes';
  return rank === 2 ? ['batch', values] : ['batch', 'rows', 'columns', values];
}
