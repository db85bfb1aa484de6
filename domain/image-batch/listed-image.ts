/** Image of a list: one line of a shard. */
export interface ListedImage {
  /** Key of the image, or its name in the zip or the list. */
  readonly key: string;
  /** Null for an object that does not exist. */
  readonly etag: string | null;
  /** Size in bytes of the image. */
  readonly size: number;
  /** Key of the object, if it is not `key`. */
  readonly object?: string;
  /** Place in a zip, whose key is `object`. */
  readonly entry?: ZipPlace;
}

/** Place of a compressed file in a zip. */
export interface ZipPlace {
  /** Offset in bytes of its local header. */
  readonly offset: number;
  /** Size in bytes as stored. */
  readonly stored: number;
  readonly isDeflated: boolean;
  readonly crc32: number;
}

/** Zip in the object store. */
export interface StoredZip {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
}

/** A file in a zip, without its zip. */
export type ZipFile = Required<Pick<ListedImage, 'key' | 'size' | 'entry'>>;

/**
 * Lists the files in a zip by its directory.
 * @throws AppError `INVALID_INPUT` if it is not a zip.
 */
export type ListZip = (zip: StoredZip, signal: AbortSignal) => AsyncIterable<ZipFile>;

const IMAGE_NAME = /\.(jpe?g|png|webp)$/i;
const EXTENSION = /\.[^./]+$/;
/** Files that systems add to folders and zips. */
const HIDDEN = /(^|\/)(\.|__MACOSX\/)/;

/** Whether a name is that of an image: with its extension, or without any. */
export function isImageName(name: string): boolean {
  if (name.endsWith('/') || HIDDEN.test(name)) return false;
  return IMAGE_NAME.test(name) || !EXTENSION.test(name);
}

/** Encodes images as JSON lines. */
export function encodeShard(images: readonly ListedImage[]): string {
  return images.map((image) => `${JSON.stringify(image)}\n`).join('');
}

/** Decodes the output of {@link encodeShard}. */
export function decodeShard(data: Buffer): ListedImage[] {
  const lines = data.toString('utf8').trimEnd().split('\n');
  return lines.map((line) => JSON.parse(line) as ListedImage);
}
