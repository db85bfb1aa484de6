import { describe, expect, it } from 'vitest';
import { parseEvents, readLines } from './lines.js';

const streamed = (...chunks: string[]) =>
  new Response(
    new ReadableStream({
      start(controller) {
        for (const chunk of chunks) controller.enqueue(new TextEncoder().encode(chunk));
        controller.close();
      },
    }),
  );

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

describe('linesOf', () => {
  it.each([
    ['nothing', [], []],
    ['a line split over two chunks', ['{"a"', ':1}\n{}\n'], ['{"a":1}', '{}']],
    ['a last line without a line break', ['a\nb'], ['a', 'b']],
  ])('splits %s', async (_, chunks, lines) => {
    expect(await all(readLines(streamed(...chunks)))).toEqual(lines);
  });
});

describe('eventsOf', () => {
  it.each([
    ['data alone', 'data: {"a":1}\n\n', [{ a: 1 }]],
    ['data among names, ids and comments', ': hi\nevent: x\nid: 4\ndata: [2]\n\n', [[2]]],
    ['data on two lines', 'data: [1,\ndata: 2]\n\n', [[1, 2]]],
    ['carriage returns', 'data: 1\r\n\r\ndata: 2\r\n\r\n', [1, 2]],
    ['an incomplete event', 'data: {"a":', []],
  ])('reads %s', async (_, text, events) => {
    expect(await all(parseEvents(readLines(streamed(text))))).toEqual(events);
  });
});
