import { readFile } from 'node:fs/promises';
import { AppError, messageOf } from '../../domain/errors.js';
import { RESIZE_KERNELS } from '../../domain/model/content-size.js';
import { FAMILIES } from '../../domain/model/model-output.js';
import type { Answers } from '../../models/recognise/index.js';
import { parseLabels } from '../../models/recognise/labels.js';
import { oneOf, RESIZES, toResize, toScale, toSize, toTriple } from './parse-answer.js';

/** A question about a model: its flag, the placeholder of its value, its help and its parser. */
interface AnswerKind<Key extends keyof Answers> {
  readonly flag: string;
  readonly value: string;
  readonly meaning: string;
  readonly read: (text: string) => Promise<NonNullable<Answers[Key]>>;
}

type AnswerKinds = { readonly [Key in keyof Answers]-?: AnswerKind<Key> };

/** All questions about a model, in the order of the help. */
export const ANSWERS: AnswerKinds = {
  labels: {
    flag: '--labels',
    value: '<file>',
    meaning: 'class labels: one per line, JSON, class_indices.json or data.yaml',
    read: readLabels,
  },
  family: {
    flag: '--family',
    value: '<name>',
    meaning: `how outputs are decoded: ${FAMILIES.join(', ')}`,
    read: (text) => oneOf(FAMILIES, text),
  },
  size: {
    flag: '--size',
    value: '<WxH>',
    meaning: 'width and height of the input in pixels, such as 640x640',
    read: (text) => attempt(() => toSize(text)),
  },
  layout: {
    flag: '--layout',
    value: '<order>',
    meaning: 'dimension order of the input: nchw or nhwc',
    read: (text) => oneOf(['nchw', 'nhwc'], text),
  },
  channels: {
    flag: '--channels',
    value: '<order>',
    meaning: 'channel order: rgb or bgr',
    read: (text) => oneOf(['rgb', 'bgr'], text),
  },
  scale: {
    flag: '--scale',
    value: '<n>',
    meaning: 'factor for pixel values (0 to 255): 1, 1/255, ...',
    read: (text) => attempt(() => toScale(text)),
  },
  mean: {
    flag: '--mean',
    value: '<a,b,c>',
    meaning: 'mean per channel, subtracted after scaling',
    read: (text) => attempt(() => toTriple(text)),
  },
  std: {
    flag: '--std',
    value: '<a,b,c>',
    meaning: 'standard deviation per channel',
    read: (text) => attempt(() => toTriple(text)),
  },
  resize: {
    flag: '--resize',
    value: '<how>',
    meaning: `${RESIZES.join(', ')}, center-crop-256 (length of the shorter side)`,
    read: toResize,
  },
  kernel: {
    flag: '--kernel',
    value: '<name>',
    meaning: `kernel that resizes images: ${RESIZE_KERNELS.join(', ')}`,
    read: (text) => oneOf(RESIZE_KERNELS, text),
  },
  corners: {
    flag: '--corners',
    value: '<order>',
    meaning: 'coordinate order of boxes: xyxy or yxyx',
    read: (text) => oneOf(['xyxy', 'yxyx'], text),
  },
  coordinates: {
    flag: '--coordinates',
    value: '<unit>',
    meaning: 'unit of boxes: pixels or normalised',
    read: (text) => oneOf(['pixels', 'normalised'], text),
  },
  activation: {
    flag: '--activation',
    value: '<name>',
    meaning: 'outputs of a classifier: softmax (probabilities) or none (logits)',
    read: (text) => oneOf(['softmax', 'none'], text),
  },
  firstClass: {
    flag: '--first-class',
    value: '<0|1>',
    meaning: 'class number of the first label',
    read: async (text) => ((await oneOf(['0', '1'], text)) === '1' ? 1 : 0),
  },
};

export const ANSWER_KEYS = Object.keys(ANSWERS) as (keyof Answers)[]; // a record of these keys

/**
 * Parses answers from flags or prompts.
 * @throws AppError `INVALID_INPUT` that names the flag with an invalid value.
 */
export async function readAnswers(
  texts: Readonly<Partial<Record<keyof Answers, string>>>,
): Promise<Answers> {
  const given = ANSWER_KEYS.filter((key) => texts[key] !== undefined);
  const entries = given.map(async (key) => [key, await readAnswer(key, texts[key]!)] as const);
  return Object.fromEntries(await Promise.all(entries)); // values match their keys
}

async function readAnswer(key: keyof Answers, text: string): Promise<unknown> {
  try {
    return await ANSWERS[key].read(text.trim());
  } catch (cause) {
    const problem = `${ANSWERS[key].flag} ${JSON.stringify(text)}: ${messageOf(cause)}`;
    throw new AppError('INVALID_INPUT', problem, {}, { cause });
  }
}

async function readLabels(path: string): Promise<readonly string[]> {
  return parseLabels(await readFile(path, 'utf8'), path);
}

function attempt<T>(read: () => T): Promise<T> {
  return Promise.resolve().then(read);
}
