import { createHash } from 'node:crypto';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import type { KnownModel } from '../catalogue.js';
import { writeOnnx } from '../onnx/write-onnx.js';

/** A generated, untrained model: the bytes of its ONNX file and its manifest. */
export interface MockModel {
  readonly bytes: Uint8Array;
  readonly manifest: KnownModel;
}

const SIDE = 64;
/** Rows of x1, y1, x2, y2 (fractions of the frame), confidence, class. */
const BOXES = [
  [0.25, 0.25, 0.75, 0.75, 0.875, 0],
  [0.625, 0.125, 0.875, 0.375, 0.5, 1],
];
/** Names that cannot be mistaken for real objects. */
const LABELS = ['mock-large', 'mock-small'];

/**
 * Creates the model `mock`, which returns the same two boxes for every frame, so that a stack runs
 * without a trained model. A given version of Vidette always creates the same bytes.
 */
export function createMockModel(): MockModel {
  const dims = [1, BOXES.length, 6];
  const bytes = writeOnnx({
    name: MOCK_MODEL_NAME,
    opset: 13,
    metadata: { description: 'Finds the same boxes in every frame; not trained' },
    inputs: [{ name: 'frame', type: 'float32', dims: [1, 3, SIDE, SIDE] }],
    outputs: [{ name: 'detections', type: 'float32', dims }],
    nodes: [{ operation: 'Identity', inputs: ['boxes'], outputs: ['detections'] }],
    weights: [{ name: 'boxes', dims, values: Float32Array.from(BOXES.flat()) }],
  });
  return { bytes, manifest: manifestOf(bytes) };
}

function manifestOf(bytes: Uint8Array): KnownModel {
  return {
    name: MOCK_MODEL_NAME,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    size_bytes: bytes.length,
    task: 'detect',
    input: {
      tensor: 'frame',
      width: SIDE,
      height: SIDE,
      channels: 'rgb',
      layout: 'nchw',
      dtype: 'float32',
      scale: 1 / 255,
      mean: [0, 0, 0],
      std: [1, 1, 1],
      resize: { mode: 'stretch' },
    },
    output: { family: 'end-to-end', tensor: 'detections', coordinates: 'normalised' },
    labels: LABELS,
    licence: 'Apache-2.0',
    source: 'made by Vidette: not trained, finds the same boxes in every frame',
  };
}
