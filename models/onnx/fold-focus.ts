import {
  decodeGraph,
  decodeMessage,
  encodeMessage,
  type Graph,
  tensorName,
} from './decode-graph.js';
import { FIELDS } from './descriptor.js';
import { type Focus, findFocus } from './find-focus.js';
import { parseOnnx } from './onnx-file.js';
import { encodeField, spliceFields } from './splice.js';
import { toInitializer, toNode } from './write-onnx.js';

/** Attributes of the convolution that replaces the slices and the one behind them. */
const FOLDED = { kernel_shape: [6, 6], pads: [2, 2, 2, 2], strides: [2, 2] };

/**
 * Replaces the first layers of YOLOX and of YOLOv5 before version 6 by one convolution that computes
 * the same: they slice the image into four of half the size ("focus"), stack these as channels, and
 * convolve them with a kernel of 3x3. A convolution of 6x6 with a stride of 2 needs no copies of the
 * image. Sums are in another order, so that outputs differ by rounding.
 * @returns the changed file; undefined for a model that starts otherwise.
 */
export function foldFocus(file: Uint8Array): Uint8Array | undefined {
  const graph = tryDecode(file);
  const focus = graph && findFocus(graph);
  if (!focus) return undefined;
  return spliceFields(file, ({ id, content }) =>
    id === FIELDS.model.graph ? [encodeField(id, writeGraph(content, focus))] : undefined,
  );
}

/**
 * Decodes a graph that slices its input; the weights of any other are not read. ONNX Runtime reports what is
 * wrong with a file that cannot be decoded.
 */
function tryDecode(file: Uint8Array): Graph | undefined {
  try {
    const { nodes, inputs } = parseOnnx(file, 'model');
    const slicesInput = nodes.some(
      ({ operation, inputs: [from] }) =>
        operation === 'Slice' && inputs.some(({ name }) => name === from),
    );
    return slicesInput ? decodeGraph(file) : undefined;
  } catch {
    return undefined;
  }
}

function writeGraph(graph: Uint8Array, focus: Focus): Uint8Array {
  const { convolution, weights, replaced, unused } = focus;
  return spliceFields(graph, ({ id, content }) => {
    if (id === FIELDS.graph.initializer) {
      const name = tensorName(content);
      if (unused.has(name)) return [];
      return name === weights.name ? [encodeField(id, foldWeights(focus))] : undefined;
    }
    if (id !== FIELDS.graph.node) return undefined;
    const { output } = decodeMessage('NodeProto', content) as { output: string[] };
    if (replaced.has(output[0]!)) return [];
    return output[0] === convolution.output[0] ? [encodeField(id, foldNode(focus))] : undefined;
  });
}

/** A pixel of a slice is a pixel of the image in twice the row and column, plus those of its phase. */
function foldWeights({ phases, weights: { name, dims, rawData } }: Focus): Uint8Array {
  const [outputs, inputs] = [dims[0]!, dims[1]! / phases.length];
  const from = new Float32Array(Uint8Array.from(rawData!).buffer);
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
  const folded = toInitializer({ name, dims: [outputs, inputs, 6, 6], values: to });
  return encodeMessage('TensorProto', folded);
}

function foldNode({ image, convolution: { input, output: outputs } }: Focus): Uint8Array {
  const inputs = [image, ...input.slice(1)];
  const node = toNode({ operation: 'Conv', inputs, outputs, attributes: FOLDED });
  return encodeMessage('NodeProto', node);
}
