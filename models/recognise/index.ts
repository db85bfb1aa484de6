import { AppError } from '../../domain/errors.js';
import type { ModelInput, ModelManifest } from '../../domain/model/model-manifest.js';
import type { OnnxFacts } from '../onnx/onnx-file.js';
import { taskOf, TASKS } from '../../domain/model/model-output.js';
import type { Convention } from './preprocessing-presets.js';
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

const QUESTIONS = {
  channels: { ask: 'What is the order of its colour channels?', choices: ['rgb', 'bgr'] },
  scale: {
    ask: 'By which factor are pixel values (0 to 255) multiplied: 1, or 1/255?',
    choices: ['1', '1/255'],
  },
  resize: {
    ask: 'How are images resized to its input?',
    choices: ['letterbox', 'stretch', 'center-crop'],
  },
} as const;

/** Answers about preprocessing. */
const PIXEL_ANSWERS = ['channels', 'scale', 'mean', 'std', 'resize'] as const;

/** Preprocessing: as answered, else by the family's convention, else a question. */
function completeInput(
  shape: InputShape,
  convention: Convention | undefined,
  answers: Answers,
  findings: Findings,
): ModelInput | undefined {
  const defaults = convention?.input;
  const channels = answers.channels ?? defaults?.channels;
  const resize = answers.resize ?? defaults?.resize;
  expectFullCrop(resize, shape);
  // Byte inputs take pixel values unchanged.
  const bytes = shape.dtype === 'uint8';
  const scale = bytes ? 1 : (answers.scale ?? defaults?.scale);
  const mean = answers.mean ?? (bytes ? undefined : defaults?.mean) ?? [0, 0, 0];
  const std = answers.std ?? (bytes ? undefined : defaults?.std) ?? [1, 1, 1];
  for (const [answer, value] of Object.entries({ channels, scale, resize })) {
    if (value !== undefined) continue;
    const key = answer as keyof typeof QUESTIONS; // a key of the record above
    findings.questions.push({ answer: key, ...QUESTIONS[key] });
  }
  if (channels === undefined || scale === undefined || resize === undefined) return undefined;
  const pixels = `${channels}, ${describeResize(resize)}, (value * ${scale} - [${mean.join(', ')}]) / [${std.join(', ')}]`;
  conclude(findings, 'pixels', pixels, reasonOf(convention, answers));
  return { ...shape, channels, scale, mean, std, resize };
}

function expectFullCrop(
  resize: ModelInput['resize'] | undefined,
  { width, height }: InputShape,
): void {
  const shorter = resize?.mode === 'center-crop' ? resize.shorter_side : undefined;
  if (shorter === undefined || shorter >= Math.max(width, height)) return;
  throw new AppError(
    'INVALID_INPUT',
    `A centre crop with a shorter side of ${shorter} pixels does not fill the input of ${width}x${height}; use at least ${Math.max(width, height)}`,
  );
}

function reasonOf(convention: Convention | undefined, answers: Answers): string {
  const given = PIXEL_ANSWERS.filter((key) => answers[key] !== undefined);
  if (!convention) return GIVEN;
  return given.length > 0
    ? `${convention.words}, except for the ${given.join(', ')} that you specified`
    : convention.words;
}

function describeResize(resize: ModelInput['resize']): string {
  if (resize.mode === 'letterbox') return `letterbox ${resize.anchor}`;
  const shorter = resize.mode === 'center-crop' ? resize.shorter_side : undefined;
  return shorter === undefined ? resize.mode : `${resize.mode} of ${shorter}`;
}
