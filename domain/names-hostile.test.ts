import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HARMLESS_NAMES, HOSTILE_NAMES, NO_NAMES } from '../test/support/hostile-names.js';
import { eventIdOf, eventIdOfWorkflow, sha256, videoIdOf } from './hash.js';
import { parseJobInput } from './job/job-input.js';
import { expectId, isId, keys } from './names.js';
import { renderWorkflowIdOf } from './workflow-ids.js';

/** Each function that makes a name from outside part of a key. */
const KEYS: Readonly<Record<string, (name: string) => string>> = {
  video: keys.video,
  frame: (name) => keys.frame(name, 1),
  pack: (name) => keys.pack(name, 1),
  frameIndex: (name) => keys.frameIndex(name, 1),
  frameTable: keys.frameTable,
  plan: keys.plan,
  part: (name) => keys.part(name, 1),
  tracks: (name) => keys.tracks(name, 1),
  result: keys.result,
  render: (name) => keys.render(name, 'annotated'),
  reel: (name) => keys.reel({ a: 'e1', b: name, conf_a: 0.25, conf_b: 0.3 }),
  reelUse: (name) => keys.reelUse(name, { a: 'e1', b: 'e2', conf_a: 0.25, conf_b: 0.3 }),
  clip: (name) => keys.clip({ event_id: name, from_ms: 0, to_ms: 800.5, boxes: 'track-7' }),
  renderWorkflowId: (name) => renderWorkflowIdOf(name, 'preview'),
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

/** Arbitrary texts, texts of separators and id characters, and the hostile names themselves. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 140 }),
  fc.string({ unit: fc.constantFrom(...'./\\%$@\0\n-_aA0'), maxLength: 140 }),
  fc.constantFrom(...HOSTILE_NAMES, ...HARMLESS_NAMES),
);

describe('an id', () => {
  it('can be any harmless name', () => {
    for (const name of HARMLESS_NAMES) {
      expect(isId(name), name).toBe(true);
      expect(expectId('an id', name)).toBe(name);
    }
  });

  it.each([...HOSTILE_NAMES, ...NO_NAMES])('cannot be %j', (name) => {
    expect(isId(name)).toBe(false);
    expect(() => expectId('an id', name)).toThrow(INVALID);
  });
});

it.each(Object.entries(KEYS))('keys.%s contains its id unchanged or rejects it', (_, keyOf) => {
  const parts = keyOf('NAME').split('NAME');
  fc.assert(
    fc.property(anyText, (name) => {
      if (/^[A-Za-z0-9_-]{1,128}$/.test(name)) expect(keyOf(name)).toBe(parts.join(name));
      else expect(() => keyOf(name)).toThrow(INVALID);
    }),
  );
  for (const name of NO_NAMES) expect(() => keyOf(name as string)).toThrow(INVALID);
});

describe.each(FIELDS)('%s of a job input', (field) => {
  // "a@1" is a model name with a version.
  const hostile = HOSTILE_NAMES.filter((name) => field !== 'model' || name !== 'a@1');
  const parse = (name: unknown) => parseJobInput({ video_id: 'v', [field]: name });

  it('rejects every hostile name and every value of another type', () => {
    for (const name of [...hostile, ...NO_NAMES]) {
      expect(() => parse(name), JSON.stringify(name)).toThrow(INVALID);
    }
  });

  it('accepts every harmless name', () => {
    for (const name of HARMLESS_NAMES) expect(parse(name)).toHaveProperty(field, name);
  });
});

describe('bucket of a job input', () => {
  const parse = (bucket: unknown) => parseJobInput({ video_id: 'v', bucket });

  it('rejects names that the object store would not accept', () => {
    const invalid = [
      ...['', 'a', 'ab', '..', 'a/b', '../b', 'a..b', 'A-b', 'a_b', 'abc-', '.abc', 'a\0c', 'аbc'],
      ...['a'.repeat(64), 'abc\n', ...NO_NAMES],
    ];
    for (const bucket of invalid) {
      expect(() => parse(bucket), JSON.stringify(bucket)).toThrow(INVALID);
    }
  });

  it.each(['abc', 'a.b', 'my-videos.2026', 'a'.repeat(63)])('accepts %j', (bucket) => {
    expect(parse(bucket).bucket).toBe(bucket);
  });
});

it('rejects fields that every JavaScript object inherits', () => {
  const input: unknown = JSON.parse('{"video_id":"v","__proto__":{"every":1}}');
  expect(() => parseJobInput(input)).toThrow(INVALID);
  expect(() => parseJobInput({ video_id: 'v', constructor: 1 })).toThrow(INVALID);
});

it('derives valid ids from any text', () => {
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
