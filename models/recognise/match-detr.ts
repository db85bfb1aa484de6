import type { OnnxFacts, OnnxTensor } from '../onnx/onnx-file.js';
import { type Convention, DETR, PLAIN_DETR, RF_DETR } from './preprocessing-presets.js';
import { lastOperation } from './graph.js';
import type { Clues, Match } from './match.js';

const PROBABILITIES = ['Sigmoid', 'Softmax'];

/** The outputs of a network that has a row for each query in both. */
export interface QueryOutputs {
  readonly boxes: OnnxTensor;
  readonly logits: OnnxTensor;
}

/** Two outputs with a row for each query: four values of a box, and a logit for each class. */
export function matchDetr({ facts, classCount }: Clues): Match[] {
  const { boxes, logits } = queryOutputsOf(facts) ?? {};
  if (!boxes || !logits) return [];
  const count = logits.dims[2];
  // Where one logit more says that there is nothing, no queries are chosen by their logits.
  const isSoftmax = count === classCount + 1 && !choosesQueries(facts) && !isRfDetr(boxes);
  if (count !== classCount && !isSoftmax) return [];
  const operation = lastOperation(facts, logits.name);
  if (operation !== undefined && PROBABILITIES.includes(operation)) return [];
  const nothing = isSoftmax ? ' and one for nothing' : '';
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

/** The outputs of logits and boxes; nothing for a network that has others. */
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
  return choosesQueries(facts) || facts.nodes.length === 0 ? DETR : PLAIN_DETR;
}

function isRfDetr({ name }: OnnxTensor): boolean {
  return name === 'dets';
}

/** RT-DETR and what came of it choose their queries among the cells of the picture. */
function choosesQueries({ nodes }: OnnxFacts): boolean {
  return nodes.some(({ operation }) => operation === 'TopK');
}
