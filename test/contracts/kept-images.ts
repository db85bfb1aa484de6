import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../domain/hash.js';
import type { KeptImages } from '../../domain/ports/kept-images.js';

/** A time before every other test; each case is older than the one before, so lists start with it. */
let second = Date.UTC(1990, 0, 1) / 1000;

/** Suite for every implementation of {@link KeptImages}. */
export function keptImagesContract(name: string, create: () => KeptImages): void {
  describe(`${name} as a store of kept images`, () => {
    let images: KeptImages;
    let image: string;
    let used: Date;
    beforeEach(() => {
      images ??= create();
      image = sha256(randomUUID());
      second -= 1000;
      used = new Date(second * 1000);
    });
    const after = (seconds: number) => new Date(used.getTime() + seconds * 1000);
    const reserve = (now = after(100), before = after(1)) =>
      images.reserveUnused({ before, now, limit: 10 });

    it('reserves an image once that was last used before a time', async () => {
      expect(await images.use(image, used)).toBe(true);
      expect(await reserve(after(100), used)).toEqual([]);
      expect(await reserve()).toEqual([image]);
      expect(await reserve()).toEqual([]);
    });

    it('does not reserve an image that was used again, or is pinned', async () => {
      const pinned = sha256(randomUUID());
      for (const each of [image, pinned]) await images.use(each, used);
      await images.use(image, after(1));
      await images.pin(pinned);
      await images.use(pinned, used);
      expect(await reserve()).toEqual([]);
      expect(await reserve(after(100), after(2))).toEqual([image]);
    });

    it('refuses the use of an image that is being removed until it is forgotten', async () => {
      await images.use(image, used);
      await reserve();
      await images.pin(image);
      expect(await images.use(image, after(50))).toBe(false);
      await images.forget(image);
      await images.forget(image);
      expect(await images.use(image, used)).toBe(true);
      expect(await reserve()).toEqual([image]);
    });

    it('never keeps an erased image again', async () => {
      expect(await images.erase(image, used)).toBe(false);
      await images.use(image, used);
      await images.pin(image);
      expect(await images.erase(image, after(2))).toBe(true);
      expect(await images.erase(image, after(3))).toBe(true);
      expect((await images.erased()).get(image)).toEqual(after(2));
      await images.pin(image);
      expect(await images.use(image, after(4))).toBe(false);
      expect(await reserve(after(1e6))).toEqual([]);
    });

    it('reserves an image again an hour after a sweep that did not finish', async () => {
      await images.use(image, used);
      await reserve();
      expect(await reserve(after(100 + 3599))).toEqual([]);
      expect(await reserve(after(100 + 3601))).toEqual([image]);
    });
  });
}
