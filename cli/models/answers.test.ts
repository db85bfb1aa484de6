import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { exitCodeOf } from '../exit-codes.js';
import { ANSWER_KEYS, ANSWERS, readAnswers } from './answers.js';
import { refuseQuestions } from './ask.js';

describe('readAnswers', () => {
  it.each([
    [{ size: '640x480' }, { size: { width: 640, height: 480 } }],
    [{ size: '416' }, { size: { width: 416, height: 416 } }],
    [{ scale: '1/255' }, { scale: 1 / 255 }],
    [{ scale: '0.5' }, { scale: 0.5 }],
    [{ mean: '[1, 2.5,3]' }, { mean: [1, 2.5, 3] }],
    [
      { family: 'YOLOX', channels: 'bgr' },
      { family: 'yolox', channels: 'bgr' },
    ],
    [{ firstClass: '0' }, { firstClass: 0 }],
    [
      { resize: 'letterbox-top-left' },
      { resize: { mode: 'letterbox', anchor: 'top-left', fill: 114, rounding: 'truncate' } },
    ],
    [{ kernel: 'Bicubic' }, { kernel: 'bicubic' }],
    [{ resize: 'center-crop' }, { resize: { mode: 'center-crop' } }],
    [{ resize: 'center-crop-256' }, { resize: { mode: 'center-crop', shorter_side: 256 } }],
    [
      { family: 'classifier', activation: 'none' },
      { family: 'classifier', activation: 'none' },
    ],
    [{}, {}],
  ])('reads %j', async (texts, expected) => {
    expect(await readAnswers(texts)).toEqual(expected);
  });

  it.each([
    [{ size: '0x4' }, '--size "0x4"'],
    [{ size: '640x' }, '--size'],
    [{ scale: '1/0' }, '--scale'],
    [{ scale: '' }, '--scale'],
    [{ std: '1,2' }, '--std'],
    [{ mean: '1,2,x' }, '--mean'],
    [{ channels: 'gbr' }, 'rgb, bgr'],
    [{ resize: 'crop' }, 'letterbox-top-left'],
    [{ resize: 'center-crop-0' }, 'letterbox-top-left'],
    [{ kernel: 'area' }, 'lanczos3, bicubic, bilinear, nearest'],
    [{ activation: 'sigmoid' }, 'softmax, none'],
    [{ labels: './nothing.txt' }, '--labels'],
  ])('rejects %j and names the flag', async (texts, named) => {
    const rejected = readAnswers(texts);
    await expect(rejected).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    await expect(rejected).rejects.toThrow(named);
  });

  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vidette-answers-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('reads labels from a file', async () => {
    const path = join(folder, 'labels.txt');
    await writeFile(path, 'cat\ndog\n');
    expect(await readAnswers({ labels: path })).toEqual({ labels: ['cat', 'dog'] });
  });
});

it('reports every open question with its flag when not interactive', async () => {
  const questions = [
    { answer: 'labels', ask: 'Which labels?' },
    { answer: 'channels', ask: 'Which order?', choices: ['rgb', 'bgr'] },
  ] as const;
  const error: unknown = await refuseQuestions('best.onnx')(questions).catch((e: unknown) => e);
  expect(exitCodeOf(error)).toBe(2);
  expect(String(error)).toContain('vidette models add best.onnx');
  expect(String(error)).toContain('--labels <file>: Which labels?');
  expect(String(error)).toContain('--channels rgb|bgr: Which order?');
});

it('has a distinct flag for every question', () => {
  const flags = ANSWER_KEYS.map((key) => ANSWERS[key].flag);
  expect(new Set(flags).size).toBe(flags.length);
});
