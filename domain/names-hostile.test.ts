import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HARMLESS_NAMES, HOSTILE_NAMES, NO_NAMES } from '../test/support/hostile-names.js';
import { eventIdOf, eventIdOfWorkflow, sha256, videoIdOf } from './hash.js';
import { parseJobInput } from './job/job-input.js';
import { isId, keys } from './names.js';

/** Each way in which a name from outside becomes part of a key. */
const KEYS: Readonly<Record<string, (name: string) => string>> = {
  video: keys.video,
  frame: (name) => keys.frame(name, 1),
  pack: (name) => keys.pack(name, 1),
  frameIndex: (name) => keys.frameIndex(name, 1),
  frameTable: keys.frameTable,
  plan: keys.plan,
  part: (name) => keys.part(name, 1),
  result: keys.result,
  upload: keys.upload,
  uploadMark: keys.uploadMark,
  uploadInfo: keys.uploadInfo,
  modelFolder: (name) => keys.modelFolder(name, 1),
  model: (name) => keys.model(name, 1),
  modelData: (name) => keys.modelData(name, 1, 'a.bin'),
  manifest: (name) => keys.manifest(name, 1),
};
const FIELDS = ['video_id', 'event_id', 'rerun_of', 'model'] as const;
const INVALID = expect.objectContaining({ code: 'INVALID_INPUT' }) as unknown;

/** Texts of odd characters, and those of an id among which one is not. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 140 }),
  fc.string({ unit: fc.constantFrom(...'./\\%$@\0\n-_aA0'), maxLength: 140 }),
);

describe.each(Object.entries(KEYS))('the key of a %s', (_, keyOf) => {
  it.each([...HOSTILE_NAMES, ...NO_NAMES])('takes no %j', (name) => {
    // What a caller without types may give.
    expect(() => keyOf(name as string)).toThrow(INVALID);
  });

  it.each(HARMLESS_NAMES)('holds %j as it is', (name) => {
    expect(keyOf(name).split(/[/.]/)).toContain(name);
  });

  it('is refused, or has its name as one part, whatever the text', () => {
    const parts = keyOf('NAME').split('NAME');
    fc.assert(
      fc.property(anyText, (name) => {
        if (/^[A-Za-z0-9_-]{1,128}$/.test(name)) expect(keyOf(name)).toBe(parts.join(name));
        else expect(() => keyOf(name)).toThrow(INVALID);
      }),
    );
  });
});

describe.each(FIELDS)('%s of an input', (field) => {
  // A version is a part of a model's name in an input.
  const hostile = HOSTILE_NAMES.filter((name) => field !== 'model' || name !== 'a@1');

  it.each([...hostile, ...NO_NAMES])('takes no %j', (name) => {
    expect(() => parseJobInput({ video_id: 'v', [field]: name })).toThrow(INVALID);
  });

  it.each(HARMLESS_NAMES)('takes %j', (name) => {
    expect(parseJobInput({ video_id: 'v', [field]: name })).toHaveProperty(field, name);
  });
});

describe('a bucket of an input', () => {
  it.each([
    ...['', 'a', 'ab', '..', 'a/b', '../b', 'a..b', 'A-b', 'a_b', 'abc-', '.abc', 'a\0c', 'аbc'],
    ...['a'.repeat(64), 'abc\n', ...NO_NAMES],
  ])('is not %j', (bucket) => {
    expect(() => parseJobInput({ video_id: 'v', bucket })).toThrow(INVALID);
  });

  it.each(['abc', 'a.b', 'my-videos.2026', 'a'.repeat(63)])('is %j', (bucket) => {
    expect(parseJobInput({ video_id: 'v', bucket }).bucket).toBe(bucket);
  });
});

it('an input with fields of every object has these as unknown, and not as its own', () => {
  const input: unknown = JSON.parse('{"video_id":"v","__proto__":{"every":1}}');
  expect(() => parseJobInput(input)).toThrow(INVALID);
  expect(() => parseJobInput({ video_id: 'v', constructor: 1 })).toThrow(INVALID);
});

it('ids that are derived from any text are ids', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const videoId = videoIdOf(text, sha256(text));
      expect(isId(videoId)).toBe(true);
      expect(isId(eventIdOf(videoId, sha256(text)))).toBe(true);
      expect(isId(eventIdOfWorkflow(text))).toBe(true);
      expect(isId(eventIdOfWorkflow(`video-detection/${text}`))).toBe(true);
    }),
  );
});
