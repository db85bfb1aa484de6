import { decodeMessage, encodeMessage, tensorName } from '../decode-graph.js';
import { FIELDS } from '../descriptor.js';
import { encodeField, spliceFields } from '../splice.js';
import { toInitializer, type Weights } from '../write-onnx.js';
import type { GraphIndex } from './graph-index.js';

/** Node to write, as `NodeProto`. */
export interface NodeMessage {
  readonly opType: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute?: readonly object[];
}

/** Nodes of a graph that others replace. */
export interface GraphEdit {
  /** Nodes that are removed, by their first output. */
  readonly removed: ReadonlySet<string>;
  /** The removed node that is replaced by {@link nodes}, by its first output. */
  readonly at: string;
  readonly nodes: readonly NodeMessage[];
  /** Weights of the new nodes. */
  readonly weights: readonly Weights[];
}

/** Returns the edits that change no node that an earlier one changes. */
export function withoutOverlaps(edits: readonly GraphEdit[]): readonly GraphEdit[] {
  const removed = new Set<string>();
  return edits.filter((edit) => {
    const names = [...edit.removed];
    const isFree = !names.some((name) => removed.has(name));
    if (isFree) names.forEach((name) => removed.add(name));
    return isFree;
  });
}

/**
 * Writes a changed model file. Everything that no edit concerns stays as it is, byte for byte; weights
 * that no node reads any more are left out.
 */
export function applyEdits(
  file: Uint8Array,
  graph: GraphIndex,
  edits: readonly GraphEdit[],
): Uint8Array {
  const removed = new Set(edits.flatMap((edit) => [...edit.removed]));
  const unused = unusedTensors(graph, edits, removed);
  const replacements = new Map(edits.map(({ at, nodes }) => [at, nodes]));
  const added = edits.flatMap(({ weights }) =>
    weights.map((each) =>
      encodeField(FIELDS.graph.initializer, encodeMessage('TensorProto', toInitializer(each))),
    ),
  );
  const writeGraph = (content: Uint8Array) =>
    spliceFields(content, ({ id, content: field }) => {
      if (id === FIELDS.graph.initializer) return unused.has(tensorName(field)) ? [] : undefined;
      if (id !== FIELDS.graph.node) return undefined;
      const [output = ''] = (decodeMessage('NodeProto', field) as NodeMessage).output;
      const nodes = replacements.get(output)?.map((node) => encodeMessage('NodeProto', node));
      if (nodes) return nodes.map((node) => encodeField(id, node));
      return removed.has(output) ? [] : undefined;
    });
  return spliceFields(file, ({ id, content }) =>
    id === FIELDS.model.graph
      ? [encodeField(id, Buffer.concat([...added, writeGraph(content)]))]
      : undefined,
  );
}

/** Constants that only removed nodes read. */
function unusedTensors(
  graph: GraphIndex,
  edits: readonly GraphEdit[],
  removed: ReadonlySet<string>,
): ReadonlySet<string> {
  const read = new Set(edits.flatMap(({ nodes }) => nodes.flatMap(({ input }) => input)));
  const isUnused = (name: string) =>
    !read.has(name) &&
    !graph.isOutput(name) &&
    graph.usersOf(name).every(({ output }) => removed.has(output[0]!));
  return new Set([...graph.constants.keys()].filter(isUnused));
}
