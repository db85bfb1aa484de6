import { createReadStream } from 'node:fs';
import type { DescribeImage } from '../../../domain/dataset/resolve-images.js';
import type {
  DatasetItem,
  DatasetTask,
  ItemContent,
  Split,
} from '../../../domain/dataset/dataset-item.js';
import type { ImportedFeedback } from '../../../domain/dataset/imported-feedback.js';
import { listImported } from '../../../domain/dataset/list-imported.js';
import { isSameContent } from '../../../domain/dataset/same-content.js';
import { AppError } from '../../../domain/errors.js';
import { sha256OfChunks } from '../../../domain/hash.js';
import { expectId } from '../../../domain/names.js';
import type { VidetteClientDeps } from '../../deps.js';
import type { AnnotatedImage, Annotations } from './annotated-image.js';
import { withAnnotationZip } from './annotation-zip.js';
import { checkParts, type PlacedPart } from './given-parts.js';
import { contentOf, type KnownImage } from './image-content.js';
import { readAnnotations } from './read-annotations.js';

export interface ImportOptions {
  /** Person who imports; their earlier imports of the same images are replaced. */
  readonly by?: string | undefined;
  /** Whether the parts that the zip gives are kept (the default), or ignored. */
  readonly parts?: 'keep' | 'ignore' | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Maximum number of skipped images that a report lists; all of them are counted. */
const SKIPPED_LISTED = 1000;

/** Outcome of an import. */
export interface ImportReport {
  /** Images whose class or objects are now stored as feedback. */
  readonly imported: number;
  /** Images that have this content already. */
  readonly unchanged: number;
  /** Images that were skipped; the first 1,000 are listed. */
  readonly skipped: number;
  readonly skipped_images: readonly { readonly image: string; readonly reason: string }[];
}

type Deps = Pick<VidetteClientDeps, 'datasets' | 'documents' | 'objects'> & {
  readonly describeImage: DescribeImage;
};

/**
 * Imports the annotations of a zip as feedback of a data set. Images are found by the SHA-256 in their
 * name; those in the zip are not read. It can be repeated: equal content changes nothing. Parts that the
 * zip gives to images are kept by the next version.
 * @throws AppError `INVALID_INPUT`, also for an image in two parts; `LIMIT_EXCEEDED`.
 */
export async function importDataset(
  deps: Deps,
  name: string,
  path: string,
  { by, signal, parts = 'keep' }: ImportOptions = {},
): Promise<ImportReport> {
  expectId('a name of a data set', name);
  const file = await sha256OfChunks(createReadStream(path));
  return withAnnotationZip(path, async (zip) => {
    const annotations = readAnnotations(zip);
    const known = await knownImages(deps, name, annotations.task, by ?? null);
    const isKept = parts === 'keep';
    // Read twice, so that nothing is stored if an image is in two parts.
    if (isKept) await checkParts(annotations, (image) => known.get(image)?.part);
    const given = { dataset: name, by: by ?? null, import: file };
    const importImage = ({ split, ...image }: AnnotatedImage) =>
      importOne(deps, given, { ...image, ...(isKept && { split }) }, known);
    return countOutcomes(uniqueImages(readAnnotations(zip)), importImage, signal);
  });
}

/** Outcome of an image: what happened to it, or why it was skipped. */
type ImageOutcome = 'imported' | 'unchanged' | { readonly reason: string };

async function importOne(
  deps: Deps,
  given: Omit<Given, 'sha256' | 'content' | 'split'>,
  annotated: AnnotatedImage,
  known: ReadonlyMap<string, KnownImage>,
): Promise<ImageOutcome> {
  const { sha256 = '' } = annotated;
  const image = known.get(sha256);
  const content = await contentOf(deps, annotated, image);
  if (typeof content === 'string') return { reason: content };
  const split = annotated.split ?? image?.split;
  const isNew = await store(deps, { ...given, sha256, content, ...(split && { split }) }, image);
  return isNew ? 'imported' : 'unchanged';
}

async function countOutcomes(
  images: AsyncIterable<AnnotatedImage>,
  importImage: (image: AnnotatedImage) => Promise<ImageOutcome>,
  signal: AbortSignal | undefined,
): Promise<ImportReport> {
  const counts = { imported: 0, unchanged: 0, skipped: 0 };
  const skipped: { image: string; reason: string }[] = [];
  for await (const image of images) {
    signal?.throwIfAborted();
    const outcome = await importImage(image);
    if (typeof outcome === 'string') counts[outcome]++;
    else if (counts.skipped++ < SKIPPED_LISTED) skipped.push({ image: image.place, ...outcome });
  }
  return { ...counts, skipped_images: skipped };
}

/**
 * Returns the content and parts of images: of the newest version, and of what was imported since.
 * @throws AppError `INVALID_INPUT` for another task.
 */
async function knownImages(
  { datasets, documents }: Deps,
  name: string,
  task: DatasetTask,
  by: string | null,
): Promise<ReadonlyMap<string, KnownImage>> {
  const manifest = await datasets.find(name);
  const known = new Map<string, KnownImage>();
  if (manifest && manifest.task !== task) {
    throw new AppError(
      'INVALID_INPUT',
      `The zip is for the task "${task}", and data set ${name} for "${manifest.task}". Import it into another data set.`,
      { dataset: name },
    );
  }
  if (manifest) {
    for await (const item of datasets.items(manifest)) {
      const part = { split: item.split, place: `${name}@${manifest.version}` };
      known.set(item.picture.sha256, { size: item.picture, content: contentOfItem(item), part });
    }
  }
  for await (const given of listImported(documents.importedFeedback, name)) {
    const { sha256, content, split } = given;
    const image = known.get(sha256);
    if (given.by === by) known.set(sha256, { ...image, content, split });
    else if (split) known.set(sha256, { ...image, part: image?.part ?? placeOf(given, split) });
  }
  return known;
}

function placeOf({ by }: ImportedFeedback, split: Split): PlacedPart {
  return { split, place: `the import of ${by ?? 'a caller without a name'}` };
}

/** Yields each image once, and reports further descriptions of it. */
async function* uniqueImages({ images }: Annotations): AsyncGenerator<AnnotatedImage> {
  const seen = new Set<string>();
  for await (const image of images) {
    const { sha256 } = image;
    const isRepeated = sha256 !== undefined && seen.has(sha256);
    if (sha256 !== undefined) seen.add(sha256);
    yield isRepeated ? { ...image, invalid: 'the zip describes it more than once' } : image;
  }
}

type Given = Omit<Parameters<Deps['documents']['importedFeedback']['put']>[0], 'time'>;

/** Stores feedback and pins its image; false if its content is known. */
async function store(
  { documents }: Deps,
  given: Given,
  known: KnownImage | undefined,
): Promise<boolean> {
  const isInPart = [undefined, known?.split, known?.part?.split].includes(given.split);
  if (known?.content && isInPart && isSameContent(given.content, known.content)) return false;
  await documents.keptImages.pin(given.sha256);
  return documents.importedFeedback.put({ ...given, time: new Date() });
}

function contentOfItem({ label, objects = [] }: DatasetItem): ItemContent {
  return label === undefined ? { objects } : { label };
}
