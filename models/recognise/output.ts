import { AppError } from '../../domain/errors.js';
import { taskOf } from '../../domain/model/model-output.js';
import type { OnnxFacts } from '../onnx/onnx-file.js';
import type { Findings } from './findings.js';
import { conclude } from './findings.js';
import type { Head } from './output-head.js';
import { matchClassifier, classCountOf } from './match-classifier.js';
import { matchDetections } from './match-detections.js';
import { matchDetr, queryOutputsOf } from './match-detr.js';
import { matchEndToEnd } from './match-end-to-end.js';
import { matchNanodetPairs } from './match-nanodet.js';
import { matchRows } from './match-rows.js';
import type { Clues, Match } from './match.js';
import { describeTensors } from './describe.js';

const MATCHERS = [
  ...[matchRows, matchEndToEnd, matchDetr, matchDetections, matchNanodetPairs],
  matchClassifier,
];

/**
 * Finds the way to decode the outputs; returns undefined and adds a question if several fit.
 * @throws AppError `MODEL_INVALID` if none fits: another number of classes than labels, or a family that
 * is not supported.
 */
export function recogniseOutput(clues: Clues, findings: Findings): Match | undefined {
  const { family } = clues.answers;
  const { task } = clues.facts.metadata;
  const all = MATCHERS.flatMap((match) => match(clues, findings));
  const matches = all.filter(
    ({ output }) =>
      (family === undefined || output.family === family) &&
      (task === undefined || taskOf(output) === task),
  );
  if (matches.length === 1) {
    const [{ output, because }] = matches as [Match];
    conclude(findings, 'family', output.family, because);
    conclude(
      findings,
      'task',
      taskOf(output),
      task === undefined ? 'of its family' : 'of its metadata',
    );
    return matches[0];
  }
  if (matches.length > 1) {
    findings.questions.push({
      answer: 'family',
      ask: `Its outputs can be decoded in ${matches.length} ways: ${matches.map(({ output, because }) => `${output.family} (${because})`).join('; ')}. Which is it?`,
      choices: matches.map(({ output }) => output.family),
    });
    return undefined;
  }
  if (findings.questions.length > 0) return undefined;
  throw unsupportedOutputs(clues);
}

function unsupportedOutputs({ facts, classCount, answers, head }: Clues): AppError {
  const outputs = describeTensors(facts.outputs);
  const counts = classCountsOf(facts, head).filter(({ count }) => count > 0);
  const wanted = answers.family ?? facts.metadata.task;
  const suffix = wanted === undefined ? '' : ` as ${wanted}`;
  const mismatch =
    counts.length > 0
      ? ` They would be ${counts.map(({ count, family }) => `${count} classes of ${family}`).join(', or ')}, but there are ${classCount} labels. Specify the labels it was trained with.`
      : ' Export a model of a supported family: YOLOX, YOLOv5 to v12, YOLO26, RT-DETR, D-FINE, NanoDet, an SSD with its NMS, YOLO-seg, or a classifier.';
  return new AppError(
    'MODEL_INVALID',
    `${facts.title}: its outputs (${outputs}) cannot be decoded${suffix}.${mismatch}`,
  );
}

interface ClassCount {
  readonly family: string;
  readonly count: number;
}

/** Number of classes that the outputs would have, per family. */
function classCountsOf(facts: OnnxFacts, head: Head | undefined): ClassCount[] {
  const { outputs } = facts;
  const logits = queryOutputsOf(facts)?.logits.dims[2];
  if (typeof logits === 'number') return [{ family: 'RT-DETR, D-FINE or RF-DETR', count: logits }];
  const [output] = outputs;
  const flat = output && outputs.length === 1 ? classCountOf(output) : undefined;
  if (flat !== undefined) return [{ family: 'a classifier', count: flat }];
  const sizes = head?.rows.dims.slice(1).filter((dim) => typeof dim === 'number') ?? [];
  if (sizes.length === 0) return [];
  const values = Math.min(...sizes) - (head?.masks?.coefficients ?? 0);
  return [
    { family: 'YOLOv8 and later', count: values - 4 },
    { family: 'YOLOX or YOLOv5', count: values - 5 },
  ];
}
