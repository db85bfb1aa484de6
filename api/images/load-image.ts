import { join } from 'node:path';
import { AppError, hasCode } from '../../domain/errors.js';
import { BUCKETS } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { ProblemError } from '../http/problem.js';
import type { Images } from './index.js';
import { checkImage, type ImageFile, isImage, saveImage } from './sources.js';
import type { RequestFolder } from './request-folder.js';

const KINDS = 'expected a JPEG, PNG or WebP';
const DATA_URL = /^data:[^,]{0,100};base64,/;

/** Frame of an event, for messages. */
export interface FrameName {
  readonly event_id: string;
  readonly frame_id: number;
}

/** Downloads the image at a URL. @throws ProblemError `invalid-request` if it is not an image. */
export async function fetchImage(
  download: Images['download'],
  url: string,
  { folder, signal }: RequestFolder,
  maxBytes: number,
): Promise<ImageFile> {
  const { path } = await download(url, { folder, signal }).catch((error: unknown) => {
    if (hasCode(error, 'LIMIT_EXCEEDED')) throw tooLarge('The image at the URL', maxBytes);
    throw error;
  });
  const checked = await checkImage(path);
  const { origin, pathname } = new URL(url);
  const displayName = `The image at ${origin}${pathname}`;
  if (isImage(checked)) return { path, ...checked, displayName, isFrame: false };
  throw new ProblemError('invalid-request', `No image found at ${origin}${pathname}: ${KINDS}.`);
}

/** Decodes a frame from base64. @throws ProblemError `bad-image` with its name. */
export async function decodeFrame(
  data: string,
  name: FrameName,
  { folder }: RequestFolder,
): Promise<ImageFile> {
  const bytes = Buffer.from(data.replace(DATA_URL, ''), 'base64');
  return keepFrame(bytes, name, folder);
}

/** Reads a frame from the object store. @throws ProblemError `not-found`. */
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
      `${frameDisplayName(name)} was not found in the object store (${BUCKETS.frames}/${key}).`,
    );
  }
  if (found.size > maxBytes) throw tooLarge(frameDisplayName(name), maxBytes);
  return keepFrame(await objects.get(BUCKETS.frames, key), name, folder);
}

async function keepFrame(data: Buffer, name: FrameName, folder: string): Promise<ImageFile> {
  const path = join(folder, 'frame');
  const displayName = frameDisplayName(name);
  const saved = await saveImage(data, path);
  if (isImage(saved)) return { path, ...saved, displayName, isFrame: true };
  throw new ProblemError('bad-image', `${displayName} is not a supported image: ${KINDS}.`);
}

function frameDisplayName({ event_id, frame_id }: FrameName): string {
  return `Frame ${frame_id} of event ${event_id}`;
}

function tooLarge(displayName: string, maxBytes: number): AppError {
  return new AppError(
    'LIMIT_EXCEEDED',
    `${displayName} is larger than ${maxBytes} bytes (VIDETTE_MAX_PICTURE_MB).`,
  );
}
