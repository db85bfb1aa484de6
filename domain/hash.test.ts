import { describe, expect, it } from 'vitest';
import {
  canonicalJson,
  eventIdOf,
  eventIdOfWorkflow,
  fingerprintOf,
  sha256,
  slug,
  videoIdOf,
} from './hash.js';
import { isId } from './names.js';

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
    const base = { videoEtag: 'e', modelSha256: 'm', parameters: { conf: 0.25, frames: 'none' } };
    const others = [
      { ...base, videoEtag: 'f' },
      { ...base, modelSha256: 'n' },
      { ...base, parameters: { conf: 0.3, frames: 'none' } },
      { ...base, parameters: { conf: 0.25, frames: 'none', classes: ['car'] } },
    ];
    const hashes = [base, ...others].map(fingerprintOf);
    expect(new Set(hashes).size).toBe(hashes.length);
    const reordered = { ...base, parameters: { frames: 'none', conf: 0.25, classes: undefined } };
    expect(fingerprintOf(reordered)).toBe(hashes[0]);
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
