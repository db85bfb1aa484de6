import { describe, expect, it } from 'vitest';
import {
  canonicalJson,
  modelContentHash,
  eventIdOf,
  eventIdOfRun,
  eventIdOfWorkflow,
  fingerprintOf,
  modelBehaviourHash,
  sha256,
  slug,
  videoIdOf,
} from './hash.js';
import { type ModelManifest, modelManifestSchema } from './model/model-manifest.js';
import { isId } from './names.js';

const MODEL = modelManifestSchema.parse({
  ...{ name: 'cars', version: 1, sha256: 'a'.repeat(64), size_bytes: 1, task: 'detect' },
  input: {
    ...{ width: 64, height: 64, channels: 'rgb', layout: 'nchw', dtype: 'float32', scale: 1 },
    ...{ mean: [0, 0, 0], std: [1, 1, 1], resize: { mode: 'stretch' } },
  },
  output: { family: 'yolov8', orientation: 'rows', coordinates: 'pixels' },
  ...{ labels: ['car', 'bus'], licence: 'MIT', source: 'here' },
});
const FILE = { name: 'a', sha256: 'b'.repeat(64), size_bytes: 1 };
const OTHER_MEANINGS: readonly [string, Partial<ModelManifest>][] = [
  ['another file', { sha256: 'b'.repeat(64) }],
  ['a data file', { files: [FILE] }],
  ['another data file', { files: [{ ...FILE, sha256: 'c'.repeat(64) }] }],
  ['another scale', { input: { ...MODEL.input, scale: 1 / 255 } }],
  ['another reading', { output: { family: 'end-to-end', coordinates: 'pixels' } }],
  ['other labels', { labels: ['bus', 'car'] }],
];

const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';

describe('sha256', () => {
  it('is that of the standard', () => {
    expect(sha256('')).toBe(EMPTY_SHA256);
    expect(sha256(new Uint8Array())).toBe(EMPTY_SHA256);
  });
});

describe('canonicalJson', () => {
  it.each([
    [
      { b: 1, a: { d: [2, { z: 1, y: null }], c: 'x' } },
      '{"a":{"c":"x","d":[2,{"y":null,"z":1}]},"b":1}',
    ],
    [{ a: undefined, b: false }, '{"b":false}'],
    [[3, 1, 2], '[3,1,2]'],
    [{}, '{}'],
  ])('of %j is %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });
});

describe('slug', () => {
  it.each([
    ['Ein Video (2).MP4', 'ein-video-2'],
    ['Über-Größe.mkv', 'u-ber-gro-e'],
    ['日本.mp4', 'video'],
    ['.mp4', 'video'],
    ['archive.tar.gz', 'archive-tar'],
    ['no extension', 'no-extension'],
    [`${'a'.repeat(63)}-b.mp4`, 'a'.repeat(63)],
    ['a'.repeat(80), 'a'.repeat(64)],
  ])('of %s is %s', (name, expected) => {
    expect(slug(name)).toBe(expected);
    expect(isId(slug(name))).toBe(true);
  });
});

describe('ids', () => {
  it('of a video hold its name and 12 digits of its hash', () => {
    expect(videoIdOf('Cars.mp4', EMPTY_SHA256)).toBe('cars-e3b0c44298fc');
  });

  it.each(['v', 'v'.repeat(128)])('of an event are ids, also for a long video_id', (videoId) => {
    const id = eventIdOf(videoId, EMPTY_SHA256);
    expect(isId(id)).toBe(true);
    expect(id).toMatch(/-e3b0c44298fc$/);
  });

  it('of an event change with the bytes, the model and each parameter', () => {
    const base = { videoEtag: 'e', model: MODEL, parameters: { conf: 0.25, frames: 'none' } };
    const others = [
      { ...base, videoEtag: 'f' },
      ...OTHER_MEANINGS.map(([, change]) => ({ ...base, model: { ...MODEL, ...change } })),
      { ...base, parameters: { conf: 0.3, frames: 'none' } },
      { ...base, parameters: { conf: 0.25, frames: 'none', classes: ['car'] } },
    ];
    const hashes = [base, ...others].map(fingerprintOf);
    expect(new Set(hashes).size).toBe(hashes.length);
    const reordered = { ...base, parameters: { frames: 'none', conf: 0.25, classes: undefined } };
    expect(fingerprintOf(reordered)).toBe(hashes[0]);
  });
});

describe('modelBehaviourHash', () => {
  it.each(OTHER_MEANINGS)('changes with %s', (_, change) => {
    expect(modelBehaviourHash({ ...MODEL, ...change })).not.toBe(modelBehaviourHash(MODEL));
  });

  it('is equal for the same model under another name, version and licence', () => {
    const other = { ...MODEL, name: 'trucks', version: 7, licence: 'unknown', source: 'there' };
    expect(modelBehaviourHash(other)).toBe(modelBehaviourHash(MODEL));
  });

  it('does not depend on the order of keys', () => {
    const reversed = Object.fromEntries(Object.entries(MODEL.input).reverse());
    const input = reversed as typeof MODEL.input; // the same members
    expect(modelBehaviourHash({ ...MODEL, input })).toBe(modelBehaviourHash(MODEL));
  });
});

describe('modelContentHash', () => {
  it('is the SHA-256 of a model that is one file', () => {
    expect(modelContentHash(MODEL)).toBe(MODEL.sha256);
  });

  it('is another with each set of data files', () => {
    const sets = [[FILE], [{ ...FILE, sha256: 'c'.repeat(64) }], [{ ...FILE, name: 'b' }]];
    const ids = sets.map((files) => modelContentHash({ ...MODEL, files }));
    expect(new Set([MODEL.sha256, ...ids]).size).toBe(4);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('eventIdOfWorkflow', () => {
  it.each([
    ['video-detection/cars', 'cars'],
    ['nightly/2026-01-01T00:00:00Z', 'nightly-2026-01-01T00-00-00Z'],
    ['plain_id-1', 'plain_id-1'],
    ['x'.repeat(128), 'x'.repeat(128)],
  ])('of %s is %s', (workflowId, expected) => {
    expect(eventIdOfWorkflow(workflowId)).toBe(expected);
  });

  it.each(['x'.repeat(129), 'video-detection/', 'y'.repeat(1000)])(
    'of an id that is too long or empty gets a hash',
    (workflowId) => {
      const id = eventIdOfWorkflow(workflowId);
      expect(isId(id)).toBe(true);
      expect(id).toMatch(new RegExp(`-${sha256(workflowId).slice(0, 12)}$`));
    },
  );
});

describe('eventIdOfRun', () => {
  it.each([
    ['an-id', 'an-id'],
    [undefined, 'nightly-1'],
    ['a b', 'nightly-1'],
    ['../../etc', 'nightly-1'],
    ["x' OR 1", 'nightly-1'],
    ['x'.repeat(129), 'nightly-1'],
  ])('of the attribute %s is %s', (attribute, expected) => {
    expect(eventIdOfRun(attribute, 'nightly/1')).toBe(expected);
  });
});
