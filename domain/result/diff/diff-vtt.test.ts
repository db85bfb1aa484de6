import { expect, it } from 'vitest';
import type { StoredObject } from '../detection.js';
import type { DiffFrame } from './diff-frames.js';
import { diffVtt } from './diff-vtt.js';

const object = (name: string): StoredObject => ({ class: name, box: [0, 0, 9, 9], conf: 0.5 });
const frame = (number: number, fields: Partial<DiffFrame> = {}): DiffFrame => ({
  ...{ type: 'frame', frame: number, timestamp_ms: number * 40 },
  ...{ same: [], changed: [], vanished: [], appeared: [], ...fields },
});

async function textOf(rows: readonly DiffFrame[]): Promise<string> {
  let text = '';
  for await (const part of diffVtt(
    (async function* () {
      await Promise.resolve();
      yield* rows;
    })(),
  ))
    text += part;
  return text;
}

it('has a cue per frame that differs, up to the next compared one', async () => {
  const changed = [{ a: object('car'), b: object('<van> --> & co'), overlap: 1 }];
  const rows = [
    frame(0),
    frame(5, { changed }),
    frame(10),
    frame(90, { appeared: [object('dog')] }),
  ];
  expect(await textOf(rows)).toBe(
    [
      'WEBVTT\n',
      '5\n00:00:00.200 --> 00:00:00.400\ncar → &lt;van&gt; --&gt; &amp; co\n',
      '90\n00:00:03.600 --> 00:00:04.600\nappeared: dog\n',
    ].join('\n'),
  );
});

it('is empty for equal results', async () => {
  expect(await textOf([frame(0)])).toBe('WEBVTT\n');
});
