/** Number of bytes from the start of a file that {@link describeOtherFile} needs. */
export const FILE_KIND_BYTES = 4096;

/** Signatures of files that are not videos: ASCII at an offset. */
const SIGNATURES: readonly (readonly [offset: number, bytes: string, kind: string])[] = [
  [0, '%PDF', 'a PDF document'],
  [0, 'PK\u0003\u0004', 'a ZIP archive or an office document'],
  [0, 'Rar!', 'a RAR archive'],
  [0, '7z\u00bc\u00af', 'a 7z archive'],
  [0, '\u001f\u008b', 'a gzip archive'],
  [0, '\u0089PNG', 'a PNG image'],
  [0, '\u00ff\u00d8\u00ff', 'a JPEG image'],
  [0, 'II*\u0000', 'a TIFF image'],
  [0, 'MM\u0000*', 'a TIFF image'],
  [8, 'WEBP', 'a WebP image'],
  [4, 'ftypheic', 'a HEIC image'],
  [4, 'ftypavif', 'an AVIF image'],
  [4, 'ftypM4A ', 'a sound file'],
  [8, 'WAVEfmt', 'a sound file'],
  [0, 'ID3', 'a sound file'],
  [0, 'fLaC', 'a sound file'],
  [0, '\u007fELF', 'a program'],
  [0, 'MZ', 'a program'],
];

/** Control characters that no text has: all but tab, line feed, form feed, return and escape. */
// eslint-disable-next-line no-control-regex -- matched to recognize binary files
const BINARY = /[\u0000-\u0008\u000b\u000e-\u001a\u001c-\u001f]/;

/**
 * Describes a file that is certainly not a video. Only ffmpeg decides whether any other file is one.
 * @param start first {@link FILE_KIND_BYTES} of the file, or all of a shorter one
 * @returns its kind with an article, or undefined if it may be a video
 * @example describeOtherFile(new TextEncoder().encode('# Notes')) // 'a text file'
 */
export function describeOtherFile(start: Uint8Array): string | undefined {
  if (start.length === 0) return 'an empty file';
  const known = SIGNATURES.find(([offset, bytes]) => hasBytes(start, offset, bytes));
  return known?.[2] ?? (isText(start) ? 'a text file' : undefined);
}

function hasBytes(start: Uint8Array, offset: number, bytes: string): boolean {
  return [...bytes].every((byte, i) => start[offset + i] === byte.charCodeAt(0));
}

function isText(start: Uint8Array): boolean {
  try {
    // As a stream: the last character may be cut.
    return !BINARY.test(new TextDecoder('utf-8', { fatal: true }).decode(start, { stream: true }));
  } catch {
    return false;
  }
}
