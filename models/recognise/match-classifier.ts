import { AppError } from '../../domain/errors.js';
import type { OutputOf } from '../../domain/model/model-output.js';
import type { OnnxTensor } from '../onnx/onnx-file.js';
import {
  BYTES_CLASSIFIER,
  CLASSIFIER,
  type Convention,
  SCALING_CLASSIFIER,
  ULTRALYTICS_CLASSIFIER,
} from './preprocessing-presets.js';
import { conclude, type Findings, GIVEN } from './findings.js';
import { firstArithmetic, lastComputation } from './graph.js';
import type { Clues, Match } from './match.js';

type Activation = OutputOf<'classifier'>['activation'];

/** Operations that build or select from lists; their outputs are not class values. */
const LIST_OPERATIONS = new Set(['Concat', 'Gather', 'GatherND', 'NonMaxSuppression', 'TopK']);
/** Operations that may be part of a handwritten softmax or of a scaling of logits. */
const AMBIGUOUS = new Set(['Div', 'Mul', 'Exp', 'If', 'Loop']);

/** Matches a single output with one value per class. */
export function matchClassifier(clues: Clues, findings: Findings): Match[] {
  const { facts, classCount } = clues;
  const [output, ...others] = facts.outputs;
  if (!output || others.length > 0 || classCountOf(output) !== classCount) return [];
  if (LIST_OPERATIONS.has(lastComputation(facts, output.name) ?? '')) return [];
  const activation = activationOf(clues, output.name, findings);
  if (!activation) return [];
  return [
    {
      output: { family: 'classifier', tensor: output.name, activation },
      because: `its output [${output.dims.join(', ')}] has one value for each of ${classCount} classes`,
      convention: conventionOf(clues, findings),
    },
  ];
}

/**
 * Returns the number of values of an output whose other dimensions are all 1; undefined for other
 * outputs.
 * @example classCountOf({ name: 'y', type: 'float32', dims: ['batch', 5] }) // 5
 */
export function classCountOf({ dims }: OnnxTensor): number | undefined {
  const [values = dims[0], ...others] = dims.slice(1).filter((dim) => dim !== 1);
  const isFlat = dims.length === 1 || dims[0] === 1 || typeof dims[0] === 'string';
  if (!isFlat || others.length > 0 || typeof values !== 'number') return undefined;
  return values;
}

/** Decides between probabilities and logits: as answered, else by the last operation. */
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
  if (last === 'Sigmoid') throw multiLabel(facts.title);
  if (last !== undefined && !AMBIGUOUS.has(last))
    return note('none', `its last operation is ${last}, not Softmax`);
  findings.questions.push({
    answer: 'activation',
    ask: `Are its values probabilities (softmax) or logits (none)? ${last === undefined ? 'Its graph does not show it' : `Its last operation is ${last}, which does not show it`}.`,
    choices: ['softmax', 'none'],
  });
  return undefined;
}

const WORDS = { softmax: 'probabilities', none: 'logits' } as const;

function multiLabel(title: string): AppError {
  return new AppError(
    'MODEL_INVALID',
    `${title} ends with Sigmoid, so it is a multi-label classifier; only single-label classifiers are supported. Export it with a softmax, or with its logits.`,
  );
}

function conventionOf({ facts, dtype }: Clues, findings: Findings): Convention {
  const { task, names, imgsz } = facts.metadata;
  if (task === 'classify' && names !== undefined && imgsz !== undefined)
    return ULTRALYTICS_CLASSIFIER;
  if (scalesBytes(facts)) return BYTES_CLASSIFIER;
  const arithmetic = dtype === 'uint8' ? undefined : firstArithmetic(facts);
  if (arithmetic === undefined) return CLASSIFIER;
  const because =
    'it does arithmetic on the pixels before its first layer, so it may scale them itself';
  conclude(findings, 'first operation', arithmetic, because);
  return SCALING_CLASSIFIER;
}

/** Factors below this are for pixel values of 0 to 255, others for values that were scaled before. */
const MAX_BYTE_SCALE = 0.1;

/** Whether a converted Keras file scales pixel values of 0 to 255, as by `Rescaling(1 / 255)`. */
function scalesBytes({ metadata }: Clues['facts']): boolean {
  const { keras_version: version, pixel_scale: scale = '' } = metadata;
  return version !== undefined && Math.abs(Number.parseFloat(scale)) < MAX_BYTE_SCALE;
}
