import { AppError } from '../../domain/errors.js';
import type { OutputOf } from '../../domain/model/model-output.js';
import type { OnnxTensor } from '../onnx/onnx-file.js';
import {
  CLASSIFIER,
  type Convention,
  SCALING_CLASSIFIER,
  ULTRALYTICS_CLASSIFIER,
} from './preprocessing-presets.js';
import { conclude, type Findings, GIVEN } from './findings.js';
import { firstArithmetic, lastComputation } from './graph.js';
import type { Clues, Match } from './match.js';

type Activation = OutputOf<'classifier'>['activation'];

/** Operations that put a list together or choose of one: what they give is no value of a class. */
const LISTS = new Set(['Concat', 'Gather', 'GatherND', 'NonMaxSuppression', 'TopK']);
/** Operations of which softmax is made by hand, and temperatures of logits as well. */
const DOUBTFUL = new Set(['Div', 'Mul', 'Exp', 'If', 'Loop']);

/** One output of a value for each class. */
export function matchClassifier(clues: Clues, findings: Findings): Match[] {
  const { facts, classCount } = clues;
  const [output, ...others] = facts.outputs;
  if (!output || others.length > 0 || valuesOf(output) !== classCount) return [];
  if (LISTS.has(lastComputation(facts, output.name) ?? '')) return [];
  const activation = activationOf(clues, output.name, findings);
  if (!activation) return [];
  return [
    {
      output: { family: 'classifier', tensor: output.name, activation },
      because: `its output [${output.dims.join(', ')}] has a value for each of ${classCount} classes`,
      convention: conventionOf(clues, findings),
    },
  ];
}

/**
 * How many values an output of one value for each class has, all other sizes being 1; nothing for
 * an output that is none.
 * @example valuesOf({ name: 'y', type: 'float32', dims: ['batch', 5] }) // 5
 */
export function valuesOf({ dims }: OnnxTensor): number | undefined {
  const [values = dims[0], ...others] = dims.slice(1).filter((dim) => dim !== 1);
  const isFlat = dims.length === 1 || dims[0] === 1 || typeof dims[0] === 'string';
  if (!isFlat || others.length > 0 || typeof values !== 'number') return undefined;
  return values;
}

/** Whether the values are probabilities or logits: as answered, else by the last operation. */
function activationOf(
  { facts, answers }: Clues,
  output: string,
  findings: Findings,
): Activation | undefined {
  const note = (activation: Activation, because: string) =>
    conclude(findings, 'values', activation, because, WORDS[activation]);
  if (answers.activation) return note(answers.activation, GIVEN);
  const last = lastComputation(facts, output);
  if (last === 'Softmax') return note('softmax', 'its last operation is Softmax');
  if (last === 'Sigmoid') throw manyClasses(facts.title);
  if (last !== undefined && !DOUBTFUL.has(last))
    return note('none', `its last operation is ${last}, not Softmax`);
  findings.questions.push({
    answer: 'activation',
    ask: `Are its values probabilities (softmax) or logits (none)? ${last === undefined ? 'Its graph does not tell' : `Its last operation is ${last}, which does not tell`}.`,
    choices: ['softmax', 'none'],
  });
  return undefined;
}

const WORDS = { softmax: 'probabilities', none: 'logits' } as const;

function manyClasses(title: string): AppError {
  return new AppError(
    'MODEL_INVALID',
    `${title} ends with Sigmoid: it tells of each class by itself whether a picture shows it, and only classifiers that choose one class are run. Export it with a softmax, or with its logits.`,
  );
}

function conventionOf({ facts, dtype }: Clues, findings: Findings): Convention {
  const { task, names, imgsz } = facts.metadata;
  if (task === 'classify' && names !== undefined && imgsz !== undefined)
    return ULTRALYTICS_CLASSIFIER;
  const arithmetic = dtype === 'uint8' ? undefined : firstArithmetic(facts);
  if (arithmetic === undefined) return CLASSIFIER;
  const because = 'it computes with the pixels before its first layer, so it may scale them itself';
  conclude(findings, 'first step', arithmetic, because);
  return SCALING_CLASSIFIER;
}
