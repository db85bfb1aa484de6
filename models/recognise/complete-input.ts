import { AppError } from '../../domain/errors.js';
import type { ModelInput } from '../../domain/model/model-manifest.js';
import { type Answers, conclude, type Findings, GIVEN } from './findings.js';
import type { InputShape } from './input.js';
import type { Convention } from './preprocessing-presets.js';

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
const PIXEL_ANSWERS = ['channels', 'scale', 'mean', 'std', 'resize', 'kernel'] as const;

/** Preprocessing: as answered, else by the family's convention, else a question. */
export function completeInput(
  shape: InputShape,
  convention: Convention | undefined,
  answers: Answers,
  findings: Findings,
): ModelInput | undefined {
  const defaults = convention?.input;
  const channels = answers.channels ?? defaults?.channels;
  const resize = withKernel(answers.resize ?? defaults?.resize, answers.kernel);
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

function withKernel(
  resize: ModelInput['resize'] | undefined,
  kernel: Answers['kernel'],
): ModelInput['resize'] | undefined {
  return resize && kernel && resize.mode !== 'none' ? { ...resize, kernel } : resize;
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
  const kernel = 'kernel' in resize && resize.kernel ? ` (${resize.kernel})` : '';
  if (resize.mode === 'letterbox') return `letterbox ${resize.anchor}${kernel}`;
  const shorter = resize.mode === 'center-crop' ? resize.shorter_side : undefined;
  return `${shorter === undefined ? resize.mode : `${resize.mode} of ${shorter}`}${kernel}`;
}
