import { AppError } from '../../domain/errors.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import type { OnnxFacts } from '../onnx/onnx-file.js';
import { taskOf, TASKS } from '../../domain/model/model-output.js';
import { completeInput } from './complete-input.js';
import { type Answers, conclude, type Conclusion, type Findings, GIVEN } from './findings.js';
import { headOf } from './output-head.js';
import { type InputShape, recogniseInput } from './input.js';
import { parseLabels } from './labels.js';
import type { Match } from './match.js';
import { recogniseOutput } from './output.js';

export type { Answers, Conclusion, Question } from './findings.js';

/** The part of a manifest that is concluded from the file and the answers. */
export type ModelDraft = Pick<ModelManifest, 'task' | 'input' | 'output' | 'labels'>;

export interface Recognised {
  /** Conclusions and their reasons. */
  readonly concluded: readonly Conclusion[];
  /** Open questions; the draft is missing until they are answered. */
  readonly questions: Findings['questions'];
  readonly draft?: ModelDraft;
  /** Licence in the metadata. */
  readonly licence?: string;
}

/**
 * Concludes from an ONNX file how to prepare a model's input and decode its output, with reasons. What
 * the file leaves open becomes a question, whose answer is passed to the next call; nothing is guessed.
 * @throws AppError `MODEL_INVALID` for a model that cannot be run or has another number of classes than
 * labels; `INVALID_INPUT` for an answer that contradicts the file.
 */
export function recognise(facts: OnnxFacts, answers: Answers = {}): Recognised {
  const findings: Findings = { concluded: [], questions: [] };
  const licence = facts.metadata.license;
  expectTask(facts);
  const labels = labelsOf(facts, answers, findings);
  const shape = recogniseInput(facts, answers, findings);
  const match = labels && shape && matchOutput(facts, answers, labels, shape, findings);
  const input = match && shape && completeInput(shape, match.convention, answers, findings);
  const draft = input && {
    task: taskOf(match.output),
    input,
    output: match.output,
    labels: [...labels],
  };
  return { ...findings, ...(draft && { draft }), ...(licence && { licence }) };
}

/**
 * Returns the input of a model, or undefined if the file and the answers leave it open.
 * @throws AppError as {@link recognise} does.
 */
export function inputShapeOf(facts: OnnxFacts, answers: Answers): InputShape | undefined {
  expectTask(facts);
  return recogniseInput(facts, answers, { concluded: [], questions: [] });
}

function expectTask({ title, metadata }: OnnxFacts): void {
  const { task } = metadata;
  if (task === undefined || TASKS.some((each) => each === task)) return;
  throw new AppError(
    'MODEL_INVALID',
    `${title}: the task in its metadata is ${JSON.stringify(task)}; supported tasks: ${TASKS.join(', ')}`,
  );
}

function labelsOf(
  { metadata }: OnnxFacts,
  { labels }: Answers,
  findings: Findings,
): readonly string[] | undefined {
  const note = (names: readonly string[], because: string) =>
    conclude(findings, 'labels', names, because, summarise(names));
  if (labels) return note(labels, GIVEN);
  if (metadata.names !== undefined)
    return note(parseLabels(metadata.names, "the file's metadata"), 'of the names in its metadata');
  findings.questions.push({
    answer: 'labels',
    ask: 'The file does not contain class names. Which labels was it trained with, in order?',
  });
  return undefined;
}

function summarise(labels: readonly string[]): string {
  const first = labels.slice(0, 3).join(', ');
  return `${labels.length}: ${first}${labels.length > 3 ? ', ...' : ''}`;
}

/** Label of the background class. */
const BACKGROUND = /^_*background_*$/i;

function matchOutput(
  facts: OnnxFacts,
  answers: Answers,
  labels: readonly string[],
  { width, height, dtype, size_tensor }: InputShape,
  findings: Findings,
): Match | undefined {
  const takesSize = size_tensor !== undefined;
  const size = { width, height };
  const head = headOf(facts, size);
  const clues = { facts, answers, size, dtype, takesSize, ...(head && { head }) };
  const hasBackground = BACKGROUND.test(labels[0] ?? '');
  return recogniseOutput({ ...clues, classCount: labels.length, hasBackground }, findings);
}
