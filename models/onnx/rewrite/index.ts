import { decodeGraph, type GraphNode } from '../decode-graph.js';
import { parseOnnx } from '../onnx-file.js';
import { averageDistances } from './average-distances.js';
import { foldFocus } from './fold-focus.js';
import { applyEdits, withoutOverlaps } from './graph-edit.js';
import { type GraphIndex, indexGraph } from './graph-index.js';
import { splitConvolutions } from './split-convolutions.js';

/** Operations of which each pattern contains one; the weights of any other model are not read. */
const OPERATIONS = new Set(['Slice', 'Split', 'Softmax']);

/**
 * Rewrites parts of detectors that ONNX Runtime computes slowly on a CPU.
 * @returns the changed file; undefined for a model without such parts.
 */
export function rewriteForCpu(file: Uint8Array): Uint8Array | undefined {
  const graph = tryIndex(file);
  if (!graph) return undefined;
  const edits = withoutOverlaps([
    ...foldFocus(graph),
    ...splitConvolutions(graph),
    ...averageDistances(graph),
  ]);
  return edits.length > 0 ? applyEdits(file, graph, edits) : undefined;
}

/** Names of ONNX's own set of operators. */
const OWN_DOMAINS = ['', 'ai.onnx'];

/**
 * Indexes a graph; undefined if it has loops or branches, which may read any tensor, or other operators
 * than ONNX's own, and for old files that list their weights as inputs. ONNX Runtime reports what is
 * wrong with a file that cannot be decoded.
 */
function tryIndex(file: Uint8Array): GraphIndex | undefined {
  try {
    const { nodes, opset } = parseOnnx(file, 'model');
    const graph = nodes.some(({ operation }) => OPERATIONS.has(operation))
      ? decodeGraph(file)
      : undefined;
    if (!graph?.node.every(isPlain)) return undefined;
    const index = indexGraph(graph, opset);
    return index.inputs.some((name) => index.constants.has(name)) ? undefined : index;
  } catch {
    return undefined;
  }
}

function isPlain({ domain, attribute }: GraphNode): boolean {
  return OWN_DOMAINS.includes(domain) && !attribute.some(({ g }) => g);
}
