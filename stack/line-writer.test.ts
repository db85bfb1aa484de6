import { PassThrough } from 'node:stream';
import type { WriteStream } from 'node:tty';
import { expect, it } from 'vitest';
import { createLineWriter } from './line-writer.js';

/** Returns a stream that records what is written to it, as a terminal or a log. */
function record(isTTY: boolean) {
  const stream = new PassThrough({ encoding: 'utf8' });
  const terminal = Object.assign(stream, { isTTY, columns: 20 }) as unknown as WriteStream;
  return { writer: createLineWriter(terminal), text: () => String(stream.read() ?? '') };
}

const CLEARED = '\u001b[1G\u001b[2K';

it('replaces a transient line in a terminal and cuts it to the width', () => {
  const { writer, text } = record(true);
  writer.transient('10 MB of 100 MB, 5 MB/s');
  writer.transient('20 MB');
  writer.line('ready');
  writer.line('next');
  expect(text()).toBe(`10 MB of 100 MB, 5 ${CLEARED}20 MB${CLEARED}ready\nnext\n`);
});

it('writes transient lines to a log at most every 5 s', () => {
  const { writer, text } = record(false);
  writer.transient('10 MB');
  writer.transient('20 MB');
  writer.line('ready');
  expect(text()).toBe('10 MB\nready\n');
});

it('keeps lines back while a question is open', async () => {
  const { writer, text } = record(true);
  const answer = await writer.pause(() => {
    writer.line('ready');
    writer.transient('10 MB');
    expect(text()).toBe('');
    return Promise.resolve('yes');
  });
  expect(answer).toBe('yes');
  expect(text()).toBe('ready\n');
});
