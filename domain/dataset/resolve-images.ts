import { frameJpeg } from '../job/frame-jpeg.js';
import { hasCode } from '../errors.js';
import { sha256 } from '../hash.js';
import { BUCKETS, keys } from '../names.js';
import type { KeptImages } from '../ports/kept-images.js';
import type { ObjectStore } from '../ports/object-store.js';
import type { Candidate, ImagePlace } from './collect-verdicts.js';
import type { DatasetImage, DatasetItem } from './dataset-item.js';

/** Reads size, media type and difference hash of an image. */
export type DescribeImage = (
  data: Buffer,
  isFrame: boolean,
) => Promise<Omit<DatasetImage, 'sha256' | 'day'>>;

export interface ImageStores {
  readonly objects: ObjectStore;
  readonly keptImages: Pick<KeptImages, 'use' | 'pin' | 'erased'>;
  readonly describeImage: DescribeImage;
}

/** Candidate with its image, or why it has none. */
export type ResolvedCandidate = Candidate & (ReadImage | MissingImage);

interface ReadImage {
  readonly image: DatasetImage;
}

interface MissingImage {
  readonly image?: undefined;
  readonly missing: 'no-image' | 'erased' | 'unreadable';
}

/** Number of images that are read at the same time. */
const CONCURRENCY = 8;

/**
 * Reads and pins the images of candidates; frames are copied to the kept images, so that they outlive
 * their job. Images of the version before are not read again.
 */
export async function resolveImages(
  stores: ImageStores,
  before: readonly DatasetItem[],
  candidates: readonly Candidate[],
  signal: AbortSignal | undefined,
): Promise<ResolvedCandidate[]> {
  const erased = await stores.keptImages.erased();
  const stored = before.filter(({ picture: image }) => !erased.has(image.sha256));
  const known = new Map(stored.flatMap((item) => placesOf(item).map((key) => [key, item.picture])));
  const resolved: ResolvedCandidate[] = [];
  for (let start = 0; start < candidates.length; start += CONCURRENCY) {
    signal?.throwIfAborted();
    const batch = candidates.slice(start, start + CONCURRENCY).map(async (candidate) => {
      const image = known.get(keyOf(candidate.place));
      return { ...candidate, ...(image ? { image } : await readImage(stores, candidate, erased)) };
    });
    resolved.push(...(await Promise.all(batch)));
  }
  return resolved;
}

function placesOf({ picture: image, source }: DatasetItem): string[] {
  return 'event_id' in source
    ? [image.sha256, `${source.event_id}/${source.frame_id}`]
    : [image.sha256];
}

function keyOf(place: ImagePlace): string {
  return 'kept' in place ? (place.kept ?? '') : `${place.event_id}/${place.frame_id}`;
}

async function readImage(
  stores: ImageStores,
  { place, since }: Candidate,
  erased: ReadonlyMap<string, Date>,
): Promise<ReadImage | MissingImage> {
  const isFrame = !('kept' in place);
  if (!isFrame && place.kept !== undefined && erased.has(place.kept)) return { missing: 'erased' };
  const data = await (isFrame ? readFrame(stores, place) : readKept(stores, place.kept));
  if (!data) return { missing: 'no-image' };
  const image = sha256(data);
  if (erased.has(image)) return { missing: 'erased' };
  if (isFrame && !(await keepFrame(stores, image, data))) return { missing: 'no-image' };
  const day = since.toISOString().slice(0, 10);
  try {
    const facts = await stores.describeImage(data, isFrame);
    return { image: { sha256: image, ...facts, day } };
  } catch (error) {
    if (hasCode(error, 'DECODE_FAILED') || hasCode(error, 'LIMIT_EXCEEDED')) {
      return { missing: 'unreadable' };
    }
    throw error;
  }
}

async function readKept(
  { objects, keptImages }: ImageStores,
  image: string | undefined,
): Promise<Buffer | undefined> {
  if (image === undefined) return undefined;
  await keptImages.pin(image);
  return objects.find(BUCKETS.pictures, keys.image(image));
}

/** Undefined for a frame that is not stored. */
function readFrame(
  { objects }: ImageStores,
  { event_id, frame_id }: { readonly event_id: string; readonly frame_id: number },
): Promise<Buffer | undefined> {
  return frameJpeg(objects, event_id, frame_id);
}

/** Copies a frame to the kept images; false if that image is being removed at this moment. */
async function keepFrame(
  { objects, keptImages }: ImageStores,
  image: string,
  data: Buffer,
): Promise<boolean> {
  if (!(await keptImages.use(image, new Date()))) return false;
  await objects.put(BUCKETS.pictures, keys.image(image), data, { contentType: 'image/jpeg' });
  await keptImages.pin(image);
  return true;
}
