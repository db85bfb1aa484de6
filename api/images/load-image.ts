import { join } from 'node:path';
import { AppError, hasCode } from '../../domain/errors.js';
import { BUCKETS } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { ProblemError } from '../http/problem.js';
import type { Images } from './index.js';
import { checkImage, type ImageFile, saveImage } from './sources.js';
import type { RequestFolder } from './request-folder.js';

const KINDS = 'expected a JPEG, PNG or WebP';
const DATA_URL = /^data:[^,]{0,100};base64,/;

/** A frame of an event, as messages name it. */
export interface FrameName {
  readonly event_id: string;
  readonly frame_id: number;
}

/** Fetches the picture at an address. @throws ProblemError with status 400 when there is none. */
export async function fetchImage(
  download: Images['download'],
  url: string,
  { folder, signal }: RequestFolder,
  maxBytes: number,
): Promise<ImageFile> {
  const { path } = await download(url, { folder, signal }).catch((error: unknown) => {
    if (hasCode(error, 'LIMIT_EXCEEDED')) throw tooLarge('The picture at the address', maxBytes);
    throw error;
  });
  const { md5, isPicture } = await checkImage(path);
  const { origin, pathname } = new URL(url);
  const called = `The picture at ${origin}${pathname}`;
  if (isPicture) return { path, md5, called, isFrame: false };
  throw new ProblemError('invalid-request', `No picture is at ${origin}${pathname}: ${KINDS}.`);
}

/** The frame that stands in a request as base64. @throws ProblemError `bad-picture` that names it. */
export async function decodeFrame(
  data: string,
  name: FrameName,
  { folder }: RequestFolder,
): Promise<ImageFile> {
  const bytes = Buffer.from(data.replace(DATA_URL, ''), 'base64');
  return keepFrame(bytes, name, folder);
}

/** A frame of the object store. @throws ProblemError `not-found` when it is not there. */
export async function readStoredFrame(
  objects: ObjectStore,
  key: string,
  name: FrameName,
  { folder }: RequestFolder,
  maxBytes: number,
): Promise<ImageFile> {
  const found = await objects.stat(BUCKETS.frames, key);
  if (!found) {
    throw new ProblemError(
      'not-found',
      `${calledOf(name)} is not in the object store: nothing is at ${BUCKETS.frames}/${key}.`,
    );
  }
  if (found.size > maxBytes) throw tooLarge(calledOf(name), maxBytes);
  return keepFrame(await objects.get(BUCKETS.frames, key), name, folder);
}

async function keepFrame(data: Buffer, name: FrameName, folder: string): Promise<ImageFile> {
  const path = join(folder, 'frame');
  const called = calledOf(name);
  const { md5, isPicture } = await saveImage(data, path);
  if (isPicture) return { path, md5, called, isFrame: true };
  throw new ProblemError('bad-picture', `${called} is no picture that is taken: ${KINDS}.`);
}

function calledOf({ event_id, frame_id }: FrameName): string {
  return `Frame ${frame_id} of event ${event_id}`;
}

function tooLarge(called: string, maxBytes: number): AppError {
  return new AppError(
    'LIMIT_EXCEEDED',
    `${called} is larger than ${maxBytes} bytes (VIDETTE_MAX_PICTURE_MB).`,
  );
}
