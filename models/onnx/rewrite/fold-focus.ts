import { toNode, type Weights } from '../write-onnx.js';
import { type Focus, findFocus } from './find-focus.js';
import type { GraphEdit } from './graph-edit.js';
import type { GraphIndex } from './graph-index.js';

/** Attributes of the convolution that replaces the slices and the one behind them. */
const FOLDED = { kernel_shape: [6, 6], pads: [2, 2, 2, 2], strides: [2, 2] };

/**
 * Replaces the first layers of YOLOX and of YOLOv5 before version 6 by one convolution that computes
 * the same: they slice the image into four of half the size ("focus"), stack these as channels, and
 * convolve them with a kernel of 3x3. A convolution of 6x6 with a stride of 2 needs no copies of the
 * image. Sums are in another order, so that outputs differ by rounding.
 */
export function foldFocus(graph: GraphIndex): readonly GraphEdit[] {
  const focus = findFocus(graph);
  if (!focus) return [];
  const { image, convolution, slices } = focus;
  const [result = ''] = convolution.output;
  const filters = foldFilters(focus, `${result}/folded`);
  const inputs = [image, filters.name, ...convolution.input.slice(2)];
  const node = toNode({ operation: 'Conv', inputs, outputs: [result], attributes: FOLDED });
  return [{ removed: new Set([...slices, result]), at: result, nodes: [node], weights: [filters] }];
}

/** A pixel of a slice is a pixel of the image in twice the row and column, plus those of its phase. */
function foldFilters({ phases, filters }: Focus, name: string): Weights {
  const { outputs, values: from } = filters;
  const inputs = filters.inputs / phases.length;
  const to = new Float32Array(outputs * inputs * 36);
  let at = 0;
  for (let output = 0; output < outputs; output++) {
    for (const { row, column } of phases) {
      for (let input = 0; input < inputs; input++) {
        const plane = 36 * (output * inputs + input);
        for (let y = 0; y < 3; y++) {
          for (let x = 0; x < 3; x++) to[plane + 6 * (2 * y + row) + 2 * x + column] = from[at++]!;
        }
      }
    }
  }
  return { name, dims: [outputs, inputs, 6, 6], values: to };
}
