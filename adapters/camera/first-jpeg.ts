import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { execa } from 'execa';
import { type BodyFormat, inputArguments } from './decoder-arguments.js';
import type { JpegAtSettings } from './jpeg-at.js';

/** A file by its absolute path, or the body of an HTTP response. */
export type JpegSource =
  | { readonly kind: 'file'; readonly path: string }
  | { readonly kind: 'body'; readonly format: BodyFormat; readonly body: Readable };

const LIMIT_MS = 15_000;
const JPEG_BYTES_MAX = 32 * 1024 ** 2;
const ENCODING = ['-frames:v', '1', '-c:v', 'mjpeg', '-q:v', '3', '-f', 'image2pipe', 'pipe:1'];

/** Decodes the first frame of a source as JPEG; undefined if it cannot be decoded. */
export async function firstJpeg(
  { launcher, maxPixels }: JpegAtSettings,
  source: JpegSource,
  signal: AbortSignal,
): Promise<Buffer | undefined> {
  const input = source.kind === 'file' ? ({ ...source, pace: 'fast' } as const) : source;
  const { stdout } = await execa(
    resolve(launcher),
    [
      ...['-nostdin', '-hide_banner', '-v', 'error', '-threads', '1', '-filter_threads', '1'],
      ...inputArguments(input, maxPixels),
      ...['-map', '0:V:0', '-vf', 'scale=out_range=full,format=yuvj420p', ...ENCODING],
    ],
    {
      ...{ encoding: 'buffer', reject: false, timeout: LIMIT_MS, killSignal: 'SIGKILL' },
      ...{ maxBuffer: JPEG_BYTES_MAX, cancelSignal: signal },
      ...(source.kind === 'body' ? { input: source.body } : { stdin: 'ignore' as const }),
    },
  );
  signal.throwIfAborted();
  return stdout.length > 0 ? Buffer.from(stdout) : undefined;
}
