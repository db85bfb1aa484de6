import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import { Parser } from 'tar';

/**
 * Extracts one file from a gzipped tarball as a stream. Other files are skipped, and reading stops when
 * the file is complete.
 */
export function extractFile(tarball: Readable, path: string, signal: AbortSignal): Readable {
  const content = new PassThrough();
  const parser = new Parser({
    strict: true,
    filter: (entryPath) => entryPath === path,
    onReadEntry: (entry) => entry.pipe(content),
  });
  parser.on('error', (error: Error) => content.destroy(error));
  parser.on('end', () => {
    if (!content.writableEnded)
      content.destroy(new Error(`the package does not contain a complete ${path}`));
  });
  feed(tarball, parser, content, signal).catch((error: unknown) => {
    content.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  return content;
}

async function feed(tarball: Readable, parser: Parser, content: PassThrough, signal: AbortSignal) {
  // Downloads yield buffers.
  for await (const chunk of tarball as AsyncIterable<Buffer>) {
    if (content.destroyed || content.writableEnded) return;
    if (!parser.write(chunk)) await once(parser, 'drain', { signal });
  }
  parser.end();
}
