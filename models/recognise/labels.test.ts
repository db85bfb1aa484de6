import { describe, expect, it } from 'vitest';
import { parseLabels } from './labels.js';

describe('parseLabels', () => {
  it.each([
    ['names', "{0: 'cat', 1: \"dog's\", 2: 'no: 3'}", ['cat', "dog's", 'no: 3']],
    ['names', "['cat', 'dog']", ['cat', 'dog']],
    // As Python writes dictionaries with such labels.
    ['names', String.raw`{0: '5\' 10" board', 1: "it's"}`, ['5\' 10" board', "it's"]],
    [
      'names',
      String.raw`{0: 'a\\b', 1: 'tab\t', 2: '\x85\u2028'}`,
      ['a\\b', 'tab\t', '\x85\u2028'],
    ],
    [
      'names',
      String.raw`{0: '\U0001f697', 1: '\d', 2: '# no: {comment}'}`,
      ['🚗', '\\d', '# no: {comment}'],
    ],
    ['names', '{"0": "a\\/b", "1": "\\ud83d\\ude97"}', ['a/b', '🚗']],
    ['data.yaml', "names: ['it''s', 'a\\b']", ["it's", 'a\\b']],
    ['labels.txt', 'cat\r\nhot dog\r\n', ['cat', 'hot dog']],
    ['labels.json', '["cat", "dog"]', ['cat', 'dog']],
    ['class_indices.json', '{"1": "dog", "0": "cat"}', ['cat', 'dog']],
    ['class_indices.json', '{"0": ["n02123045", "cat"], "1": ["n1", "dog"]}', ['cat', 'dog']],
    ['classes.json', '{"dog": 1, "cat": 0}', ['cat', 'dog']],
    ['classes.json', '{"constructor": 1, "__proto__": 0}', ['__proto__', 'constructor']],
    ['class_indices.json', '{"0": "ромашка", "1": "роза"}', ['ромашка', 'роза']],
    ['class_indices.json', '{"роза": 1, "ромашка": 0}', ['ромашка', 'роза']],
    ['data.yaml', 'nc: 2\nnames:\n  0: cat\n  1: dog\n', ['cat', 'dog']],
    ['data.yaml', 'train: x\nnames: [cat, 7, true]\n', ['cat', '7', 'true']],
    ['data.yml', 'names:\n- cat\n- dog', ['cat', 'dog']],
  ])('reads %s with %j', (title, text, labels) => {
    expect(parseLabels(text, title)).toEqual(labels);
  });

  it.each([
    ['labels.txt', '  ', 'it is empty'],
    ['labels.txt', 'cat\n\ndog', 'line 2 is empty'],
    ['labels.json', '{"0": "cat", "2": "dog"}', 'class 1 of 2 has no label'],
    ['labels.json', '{"cat": 0, "dog": 0}', 'class 1 of 2'],
    ['labels.json', '{"cat"', 'not valid JSON, YAML'],
    ['names', "{0: 'a', 0: 'b'}", '"0" occurs twice'],
    ['names', '{0: *a}', 'not valid JSON, YAML'],
    ['names', "{0: 'a', 1: ''}", 'the label of class 1 is empty'],
    ['labels.json', '["a", " "]', 'the label of class 1 is empty'],
    ['data.yaml', 'nc: [2]', 'expected one label per line, a list'],
    ['labels.json', '[]', 'expected one label per line, a list'],
  ])('rejects %s with %j', (title, text, message) => {
    expect(() => parseLabels(text, title)).toThrow(message);
  });

  it('takes time in proportion to the number of labels', () => {
    const names = (count: number) =>
      `{${Array.from({ length: count }, (_, i) => `${i}: 'class ${i}'`).join(', ')}}`;
    const cpuOf = (count: number) => {
      const text = names(count);
      const start = process.cpuUsage();
      expect(parseLabels(text, 'names')).toHaveLength(count);
      return process.cpuUsage(start).user;
    };
    cpuOf(1000);
    expect(cpuOf(32_000)).toBeLessThan(24 * cpuOf(4000));
  });
});
