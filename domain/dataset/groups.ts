import type { Split } from './dataset-item.js';
import { createNearImages, type HashedImage } from './near-duplicates.js';
import { splitOf } from './split.js';

/** Image to be grouped. */
export interface GroupableImage extends HashedImage {
  /** Video of a frame; undefined for a single image. */
  readonly video?: string | undefined;
}

/** Image of the version before, with its group. */
export interface GroupedImage extends GroupableImage {
  readonly group: string;
  readonly split: Split;
}

/** Groups of new images, by SHA-256; those that are similar to images of two parts have none. */
export type Groups = ReadonlyMap<string, string>;

type Grouped = HashedImage & { readonly group: string };

/**
 * Assigns groups to new images: frames of one video are a group, and so are single images that are
 * connected by similarity. Images of the version before keep their groups. An image that is similar to
 * images of two parts would leak from one to the other, so it gets no group.
 */
export function assignGroups(
  dataset: string,
  before: readonly GroupedImage[],
  images: readonly GroupableImage[],
): Groups {
  const groups = new Map<string, string>();
  for (const { sha256, video } of images) if (video !== undefined) groups.set(sha256, video);
  const single = images.filter(({ video }) => video === undefined);
  const known = before.filter(({ video }) => video === undefined);
  for (const [sha256, group] of groupSingle(dataset, known, single)) groups.set(sha256, group);
  return groups;
}

function groupSingle(
  dataset: string,
  known: readonly GroupedImage[],
  images: readonly GroupableImage[],
): Map<string, string> {
  const groups = new Map<string, string>();
  const grouped = createNearImages<Grouped>(known);
  const put = (image: HashedImage, group: string) => {
    groups.set(image.sha256, group);
    grouped.add({ ...image, group });
  };
  let waiting = images.toSorted((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
  while (waiting.length > 0) {
    const rest = joinGroups(dataset, waiting, grouped.near, put);
    if (rest.length < waiting.length) {
      waiting = rest;
      continue;
    }
    for (const component of componentsOf(rest)) {
      for (const image of component) put(image, component[0]!.sha256); // its first image
    }
    break;
  }
  return groups;
}

/** Adds images to the groups to which they are similar; returns those that are similar to none. */
function joinGroups(
  dataset: string,
  images: readonly HashedImage[],
  near: (image: HashedImage) => Grouped[],
  put: (image: HashedImage, group: string) => void,
): HashedImage[] {
  return images.filter((image) => {
    const candidates = near(image)
      .map(({ group }) => group)
      .sort();
    const [first] = candidates;
    if (first === undefined) return true;
    const splits = new Set(candidates.map((group) => splitOf(dataset, group)));
    if (splits.size === 1) put(image, first);
    return false;
  });
}

/** Sets of images that are connected by similarity, each in the order of the images. */
function componentsOf(images: readonly HashedImage[]): HashedImage[][] {
  const index = createNearImages(images);
  const seen = new Set<HashedImage>();
  const components: HashedImage[][] = [];
  for (const image of images) {
    if (seen.has(image)) continue;
    const component = reachable(image, index.near, seen);
    components.push(component.sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1)));
  }
  return components;
}

function reachable(
  start: HashedImage,
  near: (image: HashedImage) => HashedImage[],
  seen: Set<HashedImage>,
): HashedImage[] {
  const found = [start];
  seen.add(start);
  for (const image of found) {
    for (const other of near(image)) {
      if (seen.has(other)) continue;
      seen.add(other);
      found.push(other);
    }
  }
  return found;
}
