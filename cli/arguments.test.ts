import { describe, expect, it } from 'vitest';
import { normaliseArguments } from './arguments.js';

describe('normaliseArguments', () => {
  it.each<[string, string[], string[]]>([
    [
      'takes key=value for --key=value',
      ['vid_stride=2', 'conf=0.4'],
      ['--vid-stride=2', '--conf=0.4'],
    ],
    [
      'takes _ for - in names',
      ['--max_det', '5', '--event_id=a_b'],
      ['--max-det', '5', '--event-id=a_b'],
    ],
    ['leaves values as they are', ['--model', 'yolox_nano'], ['--model', 'yolox_nano']],
    ['turns a switch on', ['force=True', 'json=1'], ['--force', '--json']],
    ['leaves a switch off', ['force=False'], []],
    ['turns preprocessing off', ['preprocess=false'], ['--no-preprocess']],
    ['leaves preprocessing on', ['preprocess=true'], []],
    ['leaves a file name with = alone', ['a=b.mp4', 'take=2.mp4'], ['a=b.mp4', 'take=2.mp4']],
    ['touches nothing after --', ['--', 'conf=0.4', '--max_det'], ['--', 'conf=0.4', '--max_det']],
    ['keeps the rest of a value with =', ['source=a=b.mp4'], ['--source=a=b.mp4']],
    ['does not take an empty list', [], []],
  ])('%s', (_, given, expected) => {
    expect(normaliseArguments(given)).toEqual(expected);
  });
});
