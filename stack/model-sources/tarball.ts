import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import { Parser } from 'tar';

/**
 * One file of a packed tarball, as the tarball comes in. Nothing else of it is kept, and no more of
 * it is read once the file is complete.
 */
export function fileOfTarball(tarball: Readable, path: string, signal: AbortSignal): Readable {
  const content = new PassThrough();
  const parser = new Parser({
    strict: true,
    filter: (entryPath) => entryPath === path,
    onReadEntry: (entry) => entry.pipe(content),
  });
  parser.on('error', (error: Error) => content.destroy(error));
  parser.on('end', () => {
    if (!content.writableEnded) content.destroy(new Error(`the package holds no whole ${path}`));
  });
  feed(tarball, parser, content, signal).catch((error: unknown) => {
    content.destroy(error instanceof Error ? error : new Error(String(error)));
  });
  return content;
}

async function feed(tarball: Readable, parser: Parser, content: PassThrough, signal: AbortSignal) {
  // The content of an address comes in bytes.
  for await (const chunk of tarball as AsyncIterable<Buffer>) {
    if (content.destroyed || content.writableEnded) return;
    if (!parser.write(chunk)) await once(parser, 'drain', { signal });
  }
  parser.end();
}
