import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import sharp from 'sharp';
import { AppError, messageOf } from '../domain/errors.js';
import { renderSampleFrame } from './render.js';

/** Frame of the sample video in which no object moves. */
const SAMPLE_FRAME = 0;

/** Image for a test run: a file, or a frame of the sample video. */
export interface TestImage {
  readonly title: string;
  readonly bytes: Buffer;
  readonly size: { readonly width: number; readonly height: number };
}

/** Reads a test image. @throws AppError `INVALID_INPUT` for a file that is not an image. */
export async function readTestImage(path?: string): Promise<TestImage> {
  try {
    const bytes = path === undefined ? await renderSampleFrame(SAMPLE_FRAME) : await readFile(path);
    const { width, height } = await sharp(bytes).metadata();
    const title = path === undefined ? 'a frame of the sample' : basename(path);
    return { title, bytes, size: { width, height } };
  } catch (cause) {
    const problem = `${path} could not be read as an image: ${messageOf(cause)}`;
    throw new AppError('INVALID_INPUT', problem, {}, { cause });
  }
}
