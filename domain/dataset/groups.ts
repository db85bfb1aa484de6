import type { Split } from './dataset-item.js';
import { createNearImages, type HashedImage } from './near-duplicates.js';
import { splitOf } from './split.js';

/** Image to be grouped. */
export interface GroupableImage extends HashedImage {
  /** Video of a frame; undefined for a single image. */
  readonly video?: string | undefined;
  /** Part that an import gave; undefined for an image that belongs to any. */
  readonly split?: Split | undefined;
}

/** Image of the version before, with its group. */
export interface GroupedImage extends GroupableImage {
  readonly group: string;
  readonly split: Split;
}

/** Group of an image, and its part. */
export interface GroupInPart {
  readonly group: string;
  readonly split: Split;
}

/** Groups of new images, by SHA-256; those that are similar to images of two parts have none. */
export type Groups = ReadonlyMap<string, GroupInPart>;

type Grouped = HashedImage & { readonly group: string };

/**
 * Assigns groups to new images: frames of one video are a group, and so are single images that are
 * connected by similarity. Images of the version before keep their groups. An image that is similar to
 * images of two parts would leak from one to the other, so it gets no group.
 *
 * An image whose part was given is a group of its own in that part, whatever it is similar to. The other
 * frames of its video belong to its group, or to none if frames of the video were given to two parts.
 */
export function assignGroups(
  dataset: string,
  before: readonly GroupedImage[],
  images: readonly GroupableImage[],
): Groups {
  const given = images.filter(hasPart);
  const parts = new Map<string, Split>();
  for (const { group, split } of before) parts.set(group, split);
  for (const { sha256, split } of given) parts.set(sha256, split);
  const splitOfGroup = (group: string) => parts.get(group) ?? splitOf(dataset, group);

  const groups = new Map(given.map(({ sha256 }) => [sha256, sha256]));
  const free = images.filter((image) => !hasPart(image));
  for (const { sha256, video } of free) {
    const group = video === undefined ? undefined : groupOfVideo(video, given, parts);
    if (group !== undefined) groups.set(sha256, group);
  }
  const isSingle = ({ video }: GroupableImage) => video === undefined;
  const known = [
    ...before.filter(isSingle),
    ...given.filter(isSingle).map((image) => ({ ...image, group: image.sha256 })),
  ];
  for (const [sha256, group] of groupSingle(splitOfGroup, known, free.filter(isSingle)))
    groups.set(sha256, group);
  return new Map(
    [...groups].map(([sha256, group]) => [sha256, { group, split: splitOfGroup(group) }]),
  );
}

type GivenImage = GroupableImage & { readonly split: Split };

const hasPart = (image: GroupableImage): image is GivenImage => image.split !== undefined;

/** Group of the frames of a video whose part was not given; undefined if others were given to two parts. */
function groupOfVideo(
  video: string,
  given: readonly GivenImage[],
  parts: ReadonlyMap<string, Split>,
): string | undefined {
  const frames = given.filter((image) => image.video === video);
  if (frames.length === 0 || parts.has(video)) return video;
  const isOnePart = new Set(frames.map(({ split }) => split)).size === 1;
  return isOnePart ? frames.map(({ sha256 }) => sha256).sort()[0] : undefined;
}

function groupSingle(
  splitOfGroup: (group: string) => Split,
  known: readonly Grouped[],
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
    const rest = joinGroups(splitOfGroup, waiting, grouped.near, put);
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
  splitOfGroup: (group: string) => Split,
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
    const splits = new Set(candidates.map(splitOfGroup));
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
