import type { UploadState } from '../api/uploads.js';

const PREFIX = 'vidette.upload.';

/** Properties that identify a file without reading it. */
type FileFacts = Pick<File, 'name' | 'size' | 'lastModified'>;

/** Unfinished upload. */
export interface RememberedUpload extends FileFacts {
  readonly uploadId: string;
}

export const isSameFile = (a: FileFacts, b: FileFacts) =>
  a.name === b.name && a.size === b.size && a.lastModified === b.lastModified;

const keyOf = ({ name, size, lastModified }: FileFacts) =>
  `${PREFIX}${size}.${lastModified}.${name}`;

/** Stores the upload id of a file in `localStorage`, so that it survives reloads. */
export function rememberUpload(file: FileFacts, { upload_id }: UploadState): void {
  const { name, size, lastModified } = file;
  localStorage.setItem(
    keyOf(file),
    JSON.stringify({ name, size, lastModified, uploadId: upload_id }),
  );
}

export function findRememberedUpload(file: FileFacts): RememberedUpload | undefined {
  return read(keyOf(file));
}

export function forgetUpload(file: FileFacts): void {
  localStorage.removeItem(keyOf(file));
}

/** Lists all unfinished uploads. */
export function rememberedUploads(): readonly RememberedUpload[] {
  const keys = Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
  return keys.map(read).filter((upload) => upload !== undefined);
}

function read(key: string): RememberedUpload | undefined {
  const text = localStorage.getItem(key);
  return text === null ? undefined : (JSON.parse(text) as RememberedUpload); // written above
}
