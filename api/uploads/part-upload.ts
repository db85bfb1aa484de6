import { z } from 'zod';
import { MIB } from '../../config/bytes.js';
import { sha256OfChunks } from '../../domain/hash.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { PartUpload, StoredPart } from '../../domain/ports/part-uploads.js';
import type { ApiServices } from '../context.js';
import { ProblemError } from '../http/problem.js';
import { adoptUpload, removeUpload, type StoredVideo } from './store-upload.js';
import { newUploadId, uploadTimeOf } from './upload-id.js';

/** Time after which an unfinished upload is removed. */
export const UPLOAD_KEPT_MS = 24 * 3600 * 1000;
/** Lifetime of the URLs of parts; each request of the state returns new ones. */
const URL_EXPIRES_S = 6 * 3600;
/** Minimum size of a part, and maximum number of parts of a file. */
const PART_BYTES_MIN = 16 * MIB;
const PARTS_MAX = 1000;

/** State of an upload, stored beside its parts. */
const infoSchema = z.object({
  name: z.string(),
  size: z.int(),
  part_size: z.int(),
  /** Id of the upload in the store. */
  store_id: z.string(),
  /** Set when the upload is complete. */
  video_id: z.string().optional(),
});

type UploadInfo = z.infer<typeof infoSchema>;
type Stores = Pick<ApiServices, 'objects' | 'partUploads'>;

/** State of an upload in parts, with URLs for the missing parts. */
export interface UploadState {
  readonly upload_id: string;
  readonly name: string;
  readonly size: number;
  readonly part_size: number;
  readonly parts: number;
  /** Numbers of parts, from 1. */
  readonly arrived: readonly number[];
  readonly missing: readonly { readonly part: number; readonly url: string }[];
  readonly expires_at: string;
  /** Set when the upload is complete. */
  readonly video_id: string | null;
}

/** Returns the size of each part except the last, in bytes. @example partBytesOf(50e9) // 50331648 */
export function partBytesOf(size: number): number {
  return Math.max(PART_BYTES_MIN, Math.ceil(size / PARTS_MAX / MIB) * MIB);
}

/** Starts an upload of a file; `size` is in bytes. */
export async function beginUpload(
  stores: Stores,
  { name, size }: { readonly name: string; readonly size: number },
): Promise<UploadState> {
  const id = newUploadId();
  const store_id = await stores.partUploads.begin(BUCKETS.videos, keys.upload(id));
  await putInfo(stores.objects, id, { name, size, part_size: partBytesOf(size), store_id });
  return uploadState(stores, id);
}

/** @throws ProblemError `not-found` for an unknown, aborted or expired upload. */
export async function uploadState(stores: Stores, id: string): Promise<UploadState> {
  const info = await readInfo(stores.objects, id);
  const arrived = await arrivedParts(stores, id, info);
  const numbers = Array.from({ length: partsOf(info) }, (_, i) => i + 1);
  const missingParts = numbers.filter((part) => !arrived.some((known) => known.part === part));
  const missing = missingParts.map(async (part) => ({
    part,
    url: await stores.partUploads.partUrl(partUploadOf(id, info), part, URL_EXPIRES_S),
  }));
  const { name, size, part_size, video_id = null } = info;
  return {
    ...{ upload_id: id, name, size, part_size, parts: partsOf(info), video_id },
    arrived: arrived.map(({ part }) => part),
    missing: await Promise.all(missing),
    expires_at: new Date(uploadTimeOf(keys.upload(id))! + UPLOAD_KEPT_MS).toISOString(), // our own id
  };
}

/** Joins the parts into a video. Can be repeated: it resumes, or returns the finished video. */
export async function completeUpload(stores: Stores, id: string): Promise<StoredVideo> {
  const info = await readInfo(stores.objects, id);
  const { name, size, video_id } = info;
  if (video_id !== undefined) return { video_id, name, size };
  const key = keys.upload(id);
  if (!(await stores.objects.stat(BUCKETS.videos, key))) await joinParts(stores, id, info);
  const video = await adoptUpload(stores.objects, key, await measure(stores.objects, key, name));
  await putInfo(stores.objects, id, { ...info, video_id: video.video_id });
  await removeUpload(stores, key);
  return video;
}

async function joinParts(stores: Stores, id: string, info: UploadInfo): Promise<void> {
  const arrived = await arrivedParts(stores, id, info);
  const bytes = bytesOf(arrived);
  if (arrived.length !== partsOf(info) || bytes !== info.size) {
    throw new ProblemError(
      'conflict',
      `${arrived.length} of ${partsOf(info)} parts arrived, ${bytes} of ${info.size} bytes. ` +
        'PUT the missing parts, each except the last of part_size bytes, then complete the upload.',
    );
  }
  await stores.partUploads.complete(partUploadOf(id, info), arrived);
}

/**
 * Aborts an unfinished upload whose parts hold more than the announced size, because the URLs of parts
 * do not limit what is PUT to them.
 */
export async function abortIfTooLarge(stores: Stores, id: string): Promise<void> {
  const info = await findInfo(stores.objects, id);
  if (!info) return;
  const parts = (await stores.partUploads.parts(partUploadOf(id, info))) ?? [];
  if (bytesOf(parts) > info.size) await abortUpload(stores, id);
}

/** Aborts an upload and removes its parts. */
export async function abortUpload(stores: Stores, id: string): Promise<void> {
  await readInfo(stores.objects, id);
  await removeUpload(stores, keys.upload(id));
  await stores.objects.remove(BUCKETS.videos, keys.uploadInfo(id));
}

async function arrivedParts(
  { partUploads, objects }: Stores,
  id: string,
  info: UploadInfo,
): Promise<StoredPart[]> {
  const isWhole =
    info.video_id !== undefined || (await objects.stat(BUCKETS.videos, keys.upload(id)));
  if (isWhole) return Array.from({ length: partsOf(info) }, (_, i) => wholePart(i + 1));
  const parts = await partUploads.parts(partUploadOf(id, info));
  if (!parts) throw unknownUpload(id);
  return parts.toSorted((a, b) => a.part - b.part);
}

function bytesOf(parts: readonly StoredPart[]): number {
  return parts.reduce((sum, { size }) => sum + size, 0);
}

function wholePart(part: number): StoredPart {
  return { part, etag: '', size: 0 };
}

async function measure(objects: ObjectStore, key: string, name: string) {
  const sha256 = await sha256OfChunks(await objects.getStream(BUCKETS.videos, key));
  const found = await objects.stat(BUCKETS.videos, key);
  return { name, sha256, size: found?.size ?? 0 };
}

function partsOf({ size, part_size }: UploadInfo): number {
  return Math.ceil(size / part_size);
}

function partUploadOf(id: string, { store_id }: UploadInfo): PartUpload {
  return { bucket: BUCKETS.videos, key: keys.upload(id), id: store_id };
}

async function putInfo(objects: ObjectStore, id: string, info: UploadInfo): Promise<void> {
  const contentType = 'application/json';
  await objects.put(BUCKETS.videos, keys.uploadInfo(id), JSON.stringify(info), { contentType });
}

async function findInfo(objects: ObjectStore, id: string): Promise<UploadInfo | undefined> {
  const data = await objects.find(BUCKETS.videos, keys.uploadInfo(id));
  return data && infoSchema.parse(JSON.parse(data.toString('utf8')));
}

async function readInfo(objects: ObjectStore, id: string): Promise<UploadInfo> {
  const info = await findInfo(objects, id);
  if (!info) throw unknownUpload(id);
  return info;
}

function unknownUpload(id: string): ProblemError {
  return new ProblemError(
    'not-found',
    `Upload ${id} was not found: it was aborted, or it expired after a day. Start a new one.`,
  );
}
