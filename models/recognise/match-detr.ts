import { DETR, RF_DETR } from './conventions.js';
import { lastOperation } from './graph.js';
import type { Clues, Match } from './output.js';

const PROBABILITIES = ['Sigmoid', 'Softmax'];

/** Two outputs with a row for each query: four values of a box, and a logit for each class. */
export function matchDetr({ facts, classCount }: Clues): Match[] {
  const { outputs } = facts;
  if (outputs.length !== 2 || outputs.some(({ dims }) => dims.length !== 3)) return [];
  const boxes = outputs.filter(({ dims }) => dims[2] === 4);
  const box = boxes.length === 1 ? boxes[0] : boxes.find(({ name }) => /box|dets/i.test(name));
  const logits = outputs.find((output) => output !== box && output.dims[2] === classCount);
  if (!box || !logits || box.dims[1] !== logits.dims[1]) return [];
  const operation = lastOperation(facts, logits.name);
  if (operation !== undefined && PROBABILITIES.includes(operation)) return [];
  return [
    {
      output: { family: 'detr', logits: logits.name, boxes: box.name },
      because: `${logits.name} has ${classCount} logits and ${box.name} a box for each of ${box.dims[1]!} queries`,
      convention: box.name === 'dets' ? RF_DETR : DETR,
    },
  ];
}
