import type { OnnxFacts, OnnxTensor } from '../onnx/onnx-file.js';
import { type Convention, DETR, PLAIN_DETR, RF_DETR } from './preprocessing-presets.js';
import { lastOperation } from './graph.js';
import type { Clues, Match } from './match.js';

const PROBABILITIES = ['Sigmoid', 'Softmax'];

/** Two outputs with one row per query. */
export interface QueryOutputs {
  readonly boxes: OnnxTensor;
  readonly logits: OnnxTensor;
}

/** Matches two outputs with one row per query: four box values, and one logit per class. */
export function matchDetr({ facts, classCount }: Clues): Match[] {
  const { boxes, logits } = queryOutputsOf(facts) ?? {};
  if (!boxes || !logits) return [];
  const count = logits.dims[2];
  // With an extra "no object" logit, queries are not selected by their logits.
  const isSoftmax = count === classCount + 1 && !selectsQueries(facts) && !isRfDetr(boxes);
  if (count !== classCount && !isSoftmax) return [];
  const operation = lastOperation(facts, logits.name);
  if (operation !== undefined && PROBABILITIES.includes(operation)) return [];
  const nothing = isSoftmax ? ' and one for "no object"' : '';
  return [
    {
      output: {
        family: 'detr',
        logits: logits.name,
        boxes: boxes.name,
        ...(isSoftmax && { activation: 'softmax' }),
      },
      because: `${logits.name} has ${classCount} logits${nothing}, and ${boxes.name} a box, for each of ${boxes.dims[1]!} queries`,
      convention: conventionOf(facts, boxes),
    },
  ];
}

/** Returns the outputs for logits and boxes; undefined if the outputs are different. */
export function queryOutputsOf({ outputs }: OnnxFacts): QueryOutputs | undefined {
  if (outputs.length !== 2 || outputs.some(({ dims }) => dims.length !== 3)) return undefined;
  const fours = outputs.filter(({ dims }) => dims[2] === 4);
  const boxes = fours.length === 1 ? fours[0] : fours.find(({ name }) => /box|dets/i.test(name));
  const logits = outputs.find((output) => output !== boxes);
  if (!boxes || !logits || boxes.dims[1] !== logits.dims[1]) return undefined;
  return { boxes, logits };
}

function conventionOf(facts: OnnxFacts, boxes: OnnxTensor): Convention {
  if (isRfDetr(boxes)) return RF_DETR;
  return selectsQueries(facts) || facts.nodes.length === 0 ? DETR : PLAIN_DETR;
}

function isRfDetr({ name }: OnnxTensor): boolean {
  return name === 'dets';
}

/** RT-DETR and its successors select queries among the cells of the image by TopK. */
function selectsQueries({ nodes }: OnnxFacts): boolean {
  return nodes.some(({ operation }) => operation === 'TopK');
}
