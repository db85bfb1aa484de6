import { createReadStream } from 'node:fs';
import type { DescribeImage } from '../../../domain/dataset/resolve-images.js';
import type {
  DatasetItem,
  DatasetTask,
  ItemContent,
} from '../../../domain/dataset/dataset-item.js';
import { listImported } from '../../../domain/dataset/list-imported.js';
import { isSameContent } from '../../../domain/dataset/same-content.js';
import { AppError } from '../../../domain/errors.js';
import { sha256OfChunks } from '../../../domain/hash.js';
import { expectId } from '../../../domain/names.js';
import type { VidetteClientDeps } from '../../deps.js';
import type { AnnotatedImage, Annotations } from './annotated-image.js';
import { withAnnotationZip } from './annotation-zip.js';
import { contentOf, type KnownImage } from './image-content.js';
import { readAnnotations } from './read-annotations.js';

export interface ImportOptions {
  /** Person who imports; their earlier imports of the same images are replaced. */
  readonly by?: string | undefined;
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
 * name; those in the zip are not read. It can be repeated: equal content changes nothing.
 * @throws AppError `INVALID_INPUT`, `LIMIT_EXCEEDED`.
 */
export async function importDataset(
  deps: Deps,
  name: string,
  path: string,
  { by, signal }: ImportOptions = {},
): Promise<ImportReport> {
  expectId('a name of a data set', name);
  const file = await sha256OfChunks(createReadStream(path));
  return withAnnotationZip(path, async (zip) => {
    const annotations = readAnnotations(zip);
    const known = await knownImages(deps, name, annotations.task, by ?? null);
    const given = { dataset: name, by: by ?? null, import: file };
    const importImage = (image: AnnotatedImage) => importOne(deps, given, image, known);
    return countOutcomes(uniqueImages(annotations), importImage, signal);
  });
}

/** Outcome of an image: what happened to it, or why it was skipped. */
type ImageOutcome = 'imported' | 'unchanged' | { readonly reason: string };

async function importOne(
  deps: Deps,
  given: Omit<Given, 'sha256' | 'content'>,
  annotated: AnnotatedImage,
  known: ReadonlyMap<string, KnownImage>,
): Promise<ImageOutcome> {
  const { sha256 = '' } = annotated;
  const content = await contentOf(deps, annotated, known.get(sha256));
  if (typeof content === 'string') return { reason: content };
  const isNew = await store(deps, { ...given, sha256, content }, known.get(sha256));
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
 * Returns the content of images: of the newest version, and of what the person has imported since.
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
      known.set(item.picture.sha256, { size: item.picture, content: contentOfItem(item) });
    }
  }
  for await (const given of listImported(documents.importedFeedback, name)) {
    const { sha256, content } = given;
    if (given.by === by) known.set(sha256, { ...known.get(sha256), content });
  }
  return known;
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
  if (known && isSameContent(given.content, known.content)) return false;
  await documents.keptImages.pin(given.sha256);
  return documents.importedFeedback.put({ ...given, time: new Date() });
}

function contentOfItem({ label, objects = [] }: DatasetItem): ItemContent {
  return label === undefined ? { objects } : { label };
}
