import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assignGroups, type GroupableImage, type GroupedImage } from './groups.js';
import { createNearImages, hashDistance, isNear } from './near-duplicates.js';
import { sha256 } from '../hash.js';
import { splitOf } from './split.js';

const SEED = 20_260_504;
const RUNS = 1000;

/** Images whose hashes are close to a few base hashes, so that chains and bridges are frequent. */
const images = fc
  .array(
    fc.record({
      base: fc.constantFrom('0000000000000000', 'ffffffff00000000', '00000000ffff0000'),
      flipped: fc.uniqueArray(fc.integer({ min: 0, max: 63 }), { maxLength: 9 }),
      day: fc.constantFrom('2026-05-04', '2026-05-05'),
      video: fc.constantFrom(undefined, undefined, undefined, 'cars', 'street'),
    }),
    { minLength: 1, maxLength: 24 },
  )
  .map((all) =>
    all.map(({ base, flipped, day, video }, index): GroupableImage => ({
      sha256: sha256(`${index}`),
      dhash: flip(base, flipped),
      day,
      video,
    })),
  );

function flip(hash: string, bits: readonly number[]): string {
  const flipped = bits.reduce((value, bit) => value ^ (1n << BigInt(bit)), BigInt(`0x${hash}`));
  return flipped.toString(16).padStart(16, '0');
}

/** Builds a version on the one before. */
function build(
  before: readonly GroupedImage[],
  present: readonly GroupableImage[],
): GroupedImage[] {
  const kept = before.filter((image) => present.some(({ sha256 }) => sha256 === image.sha256));
  const isNew = ({ sha256 }: GroupableImage) => !kept.some((image) => image.sha256 === sha256);
  const groups = assignGroups('fish', kept, present.filter(isNew));
  const added = present.flatMap((image) => {
    const group = groups.get(image.sha256);
    return group === undefined ? [] : [{ ...image, ...group }];
  });
  return [...kept, ...added];
}

function expectNoLeak(version: readonly GroupedImage[]): void {
  const splits = new Map<string, string>();
  for (const { group, split } of version) {
    expect(splits.get(group) ?? split).toBe(split);
    splits.set(group, split);
  }
  for (const [i, a] of version.entries()) {
    for (const b of version.slice(i + 1)) {
      const isRelated = a.video === undefined && b.video === undefined ? isNear(a, b) : false;
      if (isRelated || (a.video !== undefined && a.video === b.video)) {
        expect(a.split).toBe(b.split);
      }
    }
  }
}

describe('the groups of images', () => {
  it('are on one side each in 1,000 random sets, and similar images too', () => {
    fc.assert(
      fc.property(images, fc.nat(), (all, cut) => {
        const first = build([], all.slice(0, cut % (all.length + 1)));
        expectNoLeak(first);
        const second = build(first, all);
        expectNoLeak(second);
        const testOf = (version: readonly GroupedImage[]) =>
          version.filter(({ split }) => split === 'test').map((image) => image.sha256);
        expect(testOf(second)).toEqual(expect.arrayContaining(testOf(first)));
      }),
      { seed: SEED, numRuns: RUNS },
    );
  });

  it('do not depend on the order of the images', () => {
    fc.assert(
      fc.property(images, (all) => {
        const groups = [...assignGroups('fish', [], all)].sort();
        expect([...assignGroups('fish', [], all.toReversed())].sort()).toEqual(groups);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it('leave out an image that is similar to images of two parts', () => {
    const [train, test] = ['train', 'test'].map((split) =>
      Array.from({ length: 99 }, (_, i) => `g${i}`).find((g) => splitOf('d', g) === split)!,
    );
    const image = { day: '2026-05-04' };
    const before: GroupedImage[] = [
      { ...image, sha256: 'a', dhash: '000000000000000f', group: train!, split: 'train' },
      { ...image, sha256: 'b', dhash: '00000000000000f0', group: test!, split: 'test' },
    ];
    const bridge = { ...image, sha256: 'c', dhash: '0000000000000000' };
    const follower = { ...image, sha256: 'd', dhash: '0000000000000f0f' };
    const groups = assignGroups('d', before, [bridge, follower]);
    expect([...groups].map(([image, { group }]) => [image, group])).toEqual([['d', train]]);
  });

  it('of 100,000 groups are for the test in 20 %, and for validation in 10 %', () => {
    const counts = { train: 0, val: 0, test: 0 };
    for (let i = 0; i < 100_000; i++) counts[splitOf('fish', `group-${i}`)]++;
    expect(counts.test / 100_000).toBeCloseTo(0.2, 2);
    expect(counts.val / 100_000).toBeCloseTo(0.1, 2);
  });
});

describe('an index of similar images', () => {
  it('finds every image within four bits', () => {
    fc.assert(
      fc.property(images, (all) => {
        const index = createNearImages(all);
        for (const image of all) {
          const near = all.filter((each) => isNear(each, image));
          expect(new Set(index.near(image))).toEqual(new Set(near));
        }
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it('counts the bits that differ', () => {
    expect(hashDistance('ffffffffffffffff', '0000000000000000')).toBe(64);
    expect(hashDistance('8000000000000001', '0000000000000000')).toBe(2);
  });
});

describe('images whose part was given', () => {
  const image = (name: string, fields: Partial<GroupableImage> = {}): GroupableImage => ({
    ...{ sha256: sha256(name), dhash: '0'.repeat(16), day: '2026-05-04' },
    ...fields,
  });
  const partsOf = (images: readonly GroupableImage[], before: readonly GroupedImage[] = []) => {
    const groups = assignGroups('fish', before, images);
    return images.map((each) => groups.get(each.sha256)?.split);
  };

  it('are in that part, even if they are similar or of one video', () => {
    const similar = [image('a', { split: 'train' }), image('b', { split: 'test' })];
    expect(partsOf(similar)).toEqual(['train', 'test']);
    const frames = similar.map((each) => ({ ...each, video: 'cars' }));
    expect(partsOf(frames)).toEqual(['train', 'test']);
  });

  it.each(['train', 'val', 'test'] as const)('take what is similar to %s, and frames', (split) => {
    const given = image('a', { split });
    const frame = image('c', { split, video: 'cars', dhash: 'f'.repeat(16) });
    const others = [image('b'), image('d', { video: 'cars' })];
    expect(partsOf([...others, given, frame])).toEqual([split, split, split, split]);
  });

  it('keep out of the version what belongs to two parts', () => {
    const given = [image('a', { split: 'train' }), image('b', { split: 'val' })];
    expect(partsOf([...given, image('c')])).toEqual(['train', 'val', undefined]);
    const frames = given.map((each) => ({ ...each, video: 'cars' }));
    expect(partsOf([...frames, image('c', { video: 'cars' })]).at(-1)).toBeUndefined();
  });

  it('keep their part in later versions, in which similar images join it', () => {
    const first = build([], [image('a', { split: 'val' }), image('x', { dhash: 'f'.repeat(16) })]);
    const second = build(first, [image('a'), image('b'), image('x', { dhash: 'f'.repeat(16) })]);
    const parts = new Map(second.map((each) => [each.sha256, each.split]));
    expect([parts.get(sha256('a')), parts.get(sha256('b'))]).toEqual(['val', 'val']);
  });
});
