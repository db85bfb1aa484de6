import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { glob } from 'tinyglobby';
import type { ImageBatchRequest, LocalFile } from '../../client/index.js';
import { AppError } from '../../domain/errors.js';
import { isImageName } from '../../domain/image-batch/listed-image.js';

/** Images on this host, a zip on this host, or images in the object store. */
export type SourceArgument =
  | { readonly kind: 'folder'; readonly files: readonly LocalFile[] }
  | { readonly kind: 'zip'; readonly file: LocalFile }
  | {
      readonly kind: 'stored';
      readonly source: Pick<ImageBatchRequest, 'bucket' | 'prefix' | 'zip' | 'list'>;
    };

const STORED = /^s3:\/\/([^/]+)\/(.+)$/;

/**
 * Returns the images that an argument names.
 * @throws AppError `INVALID_INPUT` for an argument that names none.
 */
export async function readSourceArgument(argument: string): Promise<SourceArgument> {
  const [, bucket, key] = STORED.exec(argument) ?? [];
  if (bucket !== undefined && key !== undefined)
    return { kind: 'stored', source: storedSource(bucket, key) };
  const path = resolve(argument);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory()) return { kind: 'folder', files: await imagesIn(path) };
  if (found?.isFile() && /\.zip$/i.test(path))
    return { kind: 'zip', file: { name: basename(path), path } };
  throw new AppError(
    'INVALID_INPUT',
    `${argument} is not a folder, a .zip or s3://BUCKET/PREFIX. Give one of these.`,
  );
}

function storedSource(bucket: string, key: string) {
  if (/\.zip$/i.test(key)) return { bucket, zip: key };
  return /\.(txt|jsonl)$/i.test(key) ? { bucket, list: key } : { bucket, prefix: key };
}

async function imagesIn(folder: string): Promise<LocalFile[]> {
  const names = (await glob('**', { cwd: folder, onlyFiles: true })).filter(isImageName);
  if (names.length === 0) {
    throw new AppError(
      'INVALID_INPUT',
      `Folder ${folder} has no images (.jpg, .jpeg, .png, .webp, or names without an extension).`,
    );
  }
  return names.toSorted().map((name) => ({ name, path: resolve(folder, name) }));
}
