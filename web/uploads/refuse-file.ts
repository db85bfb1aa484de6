import { describeOtherFile, FILE_KIND_BYTES } from '../../domain/video/file-kind.js';

/** Returns why a file cannot be a video, by its first bytes; undefined if it may be one. */
export async function refuseFile(file: File): Promise<string | undefined> {
  const start = await file.slice(0, FILE_KIND_BYTES).arrayBuffer();
  const kind = describeOtherFile(new Uint8Array(start));
  return kind && `${file.name} is ${kind}, not a video. Choose a video file.`;
}
