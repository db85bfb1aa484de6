import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import type { OnnxTensor } from '../../models/onnx/onnx-file.js';
import {
  type OnnxGraph,
  type Weights,
  type WrittenNode,
  writeOnnx,
} from '../../models/onnx/write-onnx.js';
import { createRandom } from './random.js';
import type { TestStack } from '../support/stack.js';

/** Behaviour of a model on a white frame. */
export type ModelFailure = 'harmless' | 'throws' | 'nan' | 'hangs';

const SIDE = 256;
const CHANNELS = 8;
const KERNEL = 5;
/** Mean of a frame's values, 0 to 1, above which it is white. */
const WHITE = 0.97;
/** Two corners, confidence and class of each box, and the factors of the frame's texture. */
const BOXES = [
  [0.1, 0.2, 0.4, 0.6, 0.6, 0],
  [0.5, 0.1, 0.8, 0.5, 0.4, 1],
];
const MOVES = [
  [0.3, 0.3, 0.4, 0.2, 0.2, 0],
  [0.1, 0.4, 0.1, 0.4, 0.5, 0],
];

const node = (operation: string, inputs: string[], output: string): WrittenNode => ({
  ...{ operation, inputs, outputs: [output] },
});
const weights = (name: string, dims: readonly number[], values: readonly number[]): Weights => ({
  ...{ name, dims, values: Float32Array.from(values) },
});
const scalar = (name: string, type: string): OnnxTensor => ({ name, type, dims: [] });

/** Boxes whose positions depend on the texture of the frame, so that they differ per frame. */
const BOX_NODES = [
  node('Conv', ['frame', 'kernels'], 'edges'),
  node('Relu', ['edges'], 'strokes'),
  node('ReduceMean', ['strokes'], 'texture'),
  node('Squeeze', ['texture'], 'amount'),
  node('Mul', ['moves', 'amount'], 'moved'),
  node('Add', ['boxes', 'moved'], 'harmless'),
  node('ReduceMean', ['frame'], 'light'),
  node('Squeeze', ['light'], 'mean'),
];

/** An iteration of a loop that never ends. */
const SAME_AGAIN: OnnxGraph = {
  name: 'turn',
  inputs: [scalar('turn', 'int64'), scalar('goes_on', 'bool'), scalar('value', 'float32')],
  outputs: [scalar('goes_on_still', 'bool'), scalar('same_value', 'float32')],
  nodes: [
    node('Identity', ['goes_on'], 'goes_on_still'),
    node('Identity', ['value'], 'same_value'),
  ],
};

/** Nodes that output `failure`: zero on a frame that is not white. */
const FAILURES: Readonly<Record<ModelFailure, readonly WrittenNode[]>> = {
  harmless: [node('Sub', ['mean', 'mean'], 'failure')],
  // The index of the larger of limit and mean, which is past the end of a list of one.
  throws: [
    node('Mul', ['second', 'light'], 'beside'),
    node('Add', ['beside', 'limit_first'], 'pair'),
    node('ArgMax', ['pair'], 'index'),
    node('Gather', ['list', 'index'], 'gathered'),
    node('Squeeze', ['gathered'], 'failure'),
  ],
  // The root of minus one.
  nan: [
    node('Sub', ['mean', 'limit'], 'excess'),
    node('Sign', ['excess'], 'side'),
    node('Relu', ['side'], 'is_white'),
    node('Neg', ['is_white'], 'negative'),
    node('Sqrt', ['negative'], 'failure'),
  ],
  hangs: [
    node('Greater', ['mean', 'limit'], 'is_white'),
    { ...node('Loop', ['', 'is_white', 'zero'], 'failure'), body: SAME_AGAIN },
  ],
};

/** Returns the bytes of a model that finds two boxes in every frame and fails as described. */
export function createFailingModel(failure: ModelFailure): Uint8Array {
  const random = createRandom('kernels');
  const kernelDims = [CHANNELS, 3, KERNEL, KERNEL];
  const kernels = Array.from({ length: CHANNELS * 3 * KERNEL * KERNEL }, () =>
    random.between(-0.2, 0.2),
  );
  const dims = [1, BOXES.length, 6];
  const nodes = [
    ...BOX_NODES,
    ...FAILURES[failure],
    node('Add', ['harmless', 'failure'], 'detections'),
  ];
  const isUsed = ({ name }: Weights) => nodes.some(({ inputs }) => inputs.includes(name));
  return writeOnnx({
    name: failure,
    opset: 13,
    inputs: [{ name: 'frame', type: 'float32', dims: [1, 3, SIDE, SIDE] }],
    outputs: [{ name: 'detections', type: 'float32', dims }],
    nodes,
    weights: [
      weights('kernels', kernelDims, kernels),
      weights('boxes', dims, BOXES.flat()),
      weights('moves', dims, MOVES.flat()),
      weights('limit', [], [WHITE]),
      weights('limit_first', [2, 1, 1, 1], [WHITE, 0]),
      weights('second', [2, 1, 1, 1], [0, 1]),
      weights('list', [1], [0]),
      weights('zero', [], [0]),
    ].filter(isUsed),
  });
}

/** Publishes a model to a stack's catalogue; resolves with its name for jobs. */
export async function publishFailingModel(
  { folder, objects }: Pick<TestStack, 'folder' | 'objects'>,
  failure: ModelFailure,
): Promise<string> {
  const bytes = createFailingModel(failure);
  const path = join(folder, `${failure}.onnx`);
  await writeFile(path, bytes);
  const { name, version } = await createModelRegistry(objects).publish(
    path,
    manifestOf(failure, bytes),
  );
  return `${name}@${version}`;
}

function manifestOf(name: string, bytes: Uint8Array): Omit<ModelManifest, 'version'> {
  return {
    name,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    size_bytes: bytes.length,
    task: 'detect',
    input: {
      ...{ tensor: 'frame', width: SIDE, height: SIDE, channels: 'rgb', layout: 'nchw' },
      ...{ dtype: 'float32', scale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1] },
      resize: { mode: 'stretch' },
    },
    output: { family: 'end-to-end', tensor: 'detections', coordinates: 'normalised' },
    labels: ['near', 'far'],
    licence: 'Apache-2.0',
    source: 'made for the harness: not trained',
  };
}
