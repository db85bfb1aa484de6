import { Readable } from 'node:stream';
import { assertIsFile, headerOf, request, type RequestOptions } from '../tools/http.js';

export interface OpenUrlOptions extends Pick<RequestOptions, 'signal'> {
  readonly onProgress?: (doneBytes: number, totalBytes: number) => void;
}

/**
 * Opens the content of a URL as a stream. Fails if the host does not accept a connection within 5 s,
 * or if no data arrives for 30 s.
 */
export async function openUrl(
  url: string,
  { signal, onProgress }: OpenUrlOptions,
): Promise<Readable> {
  const response = await request(url, { signal });
  assertIsFile(response, url);
  const total = Number(headerOf(response, 'content-length') ?? 0);
  const onBytes = (done: number) => onProgress?.(done, Math.max(done, total));
  return Readable.from(counted(response.body, onBytes));
}

async function* counted(
  body: AsyncIterable<Buffer>,
  onBytes: (done: number) => void,
): AsyncGenerator<Buffer> {
  let done = 0;
  for await (const chunk of body) {
    done += chunk.length;
    onBytes(done);
    yield chunk;
  }
}
