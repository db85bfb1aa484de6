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

/** The part of a manifest that its file tells. */
export type NetworkDraft = Pick<ModelManifest, 'task' | 'input' | 'output' | 'labels'>;

export interface Recognised {
  /** What was found out, and from what. */
  readonly concluded: readonly Conclusion[];
  /** What a person has to say before there is a network. */
  readonly questions: Findings['questions'];
  readonly network?: NetworkDraft;
  /** What the exporter wrote of the licence. */
  readonly licence?: string;
}

/**
 * Concludes from a file how its network is fed and read, and says why; what the file does not tell
 * becomes a question, whose answer is given to the next call. Nothing is guessed.
 * @throws AppError `MODEL_INVALID` for a network that cannot be run, or labels of another number;
 * `INVALID_INPUT` for an answer that the file rules out.
 */
export function recognise(facts: OnnxFacts, answers: Answers = {}): Recognised {
  const findings: Findings = { concluded: [], questions: [] };
  const licence = facts.metadata.license;
  expectTask(facts);
  const labels = labelsOf(facts, answers, findings);
  const shape = recogniseInput(facts, answers, findings);
  const match = labels && shape && matchOf(facts, answers, labels, shape, findings);
  const input = match && shape && inputOf(shape, match.convention, answers, findings);
  const network = input && {
    task: taskOf(match.output),
    input,
    output: match.output,
    labels: [...labels],
  };
  return { ...findings, ...(network && { network }), ...(licence && { licence }) };
}

/**
 * How the network takes a picture, as far as the file and the answers tell.
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
    `${title}: its metadata says that its task is ${JSON.stringify(task)}; only networks that ${TASKS.join(', ')} are run`,
  );
}

function labelsOf(
  { metadata }: OnnxFacts,
  { labels }: Answers,
  findings: Findings,
): readonly string[] | undefined {
  const note = (names: readonly string[], because: string) =>
    conclude(findings, 'labels', names, because, inShort(names));
  if (labels) return note(labels, GIVEN);
  if (metadata.names !== undefined)
    return note(parseLabels(metadata.names, "the file's metadata"), 'its metadata has names');
  findings.questions.push({
    answer: 'labels',
    ask: 'The file does not name its classes. Which labels was it trained with, in their order?',
  });
  return undefined;
}

function inShort(labels: readonly string[]): string {
  const first = labels.slice(0, 3).join(', ');
  return `${labels.length}: ${first}${labels.length > 3 ? ', ...' : ''}`;
}

/** How the class is called that stands for none. */
const BACKGROUND = /^_*background_*$/i;

function matchOf(
  facts: OnnxFacts,
  answers: Answers,
  labels: readonly string[],
  { width, height, dtype, size_tensor }: InputShape,
  findings: Findings,
): Match | undefined {
  const takesSize = size_tensor !== undefined;
  const size = { width, height };
  const head = headOf(facts, size);
  const known = { facts, answers, size, dtype, takesSize, ...(head && { head }) };
  const hasBackground = BACKGROUND.test(labels[0] ?? '');
  return recogniseOutput({ ...known, classCount: labels.length, hasBackground }, findings);
}

const ASKED = {
  channels: { ask: 'In which order does it take the colours?', choices: ['rgb', 'bgr'] },
  scale: {
    ask: 'By which number is each value of 0 to 255 multiplied for it (1, or 1/255)?',
    choices: ['1', '1/255'],
  },
  resize: {
    ask: 'How is a picture brought to its size?',
    choices: ['letterbox', 'stretch', 'center-crop'],
  },
} as const;

/** The answers that say what is done to pixels. */
const PIXELS = ['channels', 'scale', 'mean', 'std', 'resize'] as const;

/** What is done to pixels: as answered, else by the family's convention, else it is asked. */
function inputOf(
  shape: InputShape,
  convention: Convention | undefined,
  answers: Answers,
  findings: Findings,
): ModelInput | undefined {
  const usual = convention?.input;
  const channels = answers.channels ?? usual?.channels;
  const resize = answers.resize ?? usual?.resize;
  expectCover(resize, shape);
  // Bytes are given as they are, so there is nothing to be asked.
  const bytes = shape.dtype === 'uint8';
  const scale = bytes ? 1 : (answers.scale ?? usual?.scale);
  const mean = answers.mean ?? (bytes ? undefined : usual?.mean) ?? [0, 0, 0];
  const std = answers.std ?? (bytes ? undefined : usual?.std) ?? [1, 1, 1];
  for (const [answer, value] of Object.entries({ channels, scale, resize })) {
    if (value !== undefined) continue;
    const key = answer as keyof typeof ASKED; // a key of the record above
    findings.questions.push({ answer: key, ...ASKED[key] });
  }
  if (channels === undefined || scale === undefined || resize === undefined) return undefined;
  const pixels = `${channels}, ${inWords(resize)}, (value * ${scale} - [${mean.join(', ')}]) / [${std.join(', ')}]`;
  conclude(findings, 'pixels', pixels, reasonOf(convention, answers));
  return { ...shape, channels, scale, mean, std, resize };
}

function expectCover(
  resize: ModelInput['resize'] | undefined,
  { width, height }: InputShape,
): void {
  const shorter = resize?.mode === 'center-crop' ? resize.shorter_side : undefined;
  if (shorter === undefined || shorter >= Math.max(width, height)) return;
  throw new AppError(
    'INVALID_INPUT',
    `A centre crop of a frame whose shorter side is ${shorter} pixels does not fill the input of ${width}x${height}; the side is to be at least ${Math.max(width, height)}`,
  );
}

function reasonOf(convention: Convention | undefined, answers: Answers): string {
  const given = PIXELS.filter((key) => answers[key] !== undefined);
  if (!convention) return GIVEN;
  return given.length > 0
    ? `${convention.words}, but ${given.join(', ')} as given`
    : convention.words;
}

function inWords(resize: ModelInput['resize']): string {
  if (resize.mode === 'letterbox') return `letterbox ${resize.anchor}`;
  const shorter = resize.mode === 'center-crop' ? resize.shorter_side : undefined;
  return shorter === undefined ? resize.mode : `${resize.mode} of ${shorter}`;
}
