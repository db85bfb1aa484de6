import type { DatasetImage, DatasetItem, Split } from './dataset-item.js';
import type { LeftOut } from './dataset-manifest.js';
import { assignGroups, type GroupInPart, type Groups } from './groups.js';
import type { Candidate } from './collect-verdicts.js';
import type { ResolvedCandidate } from './resolve-images.js';
import { settleVerdicts, type Verdict } from './verdicts.js';

/** Items of a version, and the images with feedback that are not in it. */
export interface MadeItems {
  readonly items: readonly DatasetItem[];
  readonly leftOut: readonly LeftOut[];
}

/** Image with the verdict that counts. */
interface SettledImage {
  readonly image: DatasetImage;
  readonly verdict: Verdict;
  /** Video of a frame. */
  readonly video: string | undefined;
  /** Part that an import gave. */
  readonly split: Split | undefined;
}

/** Makes the items of a data set from images and verdicts. An image is in it once. */
export function makeItems(
  dataset: string,
  before: readonly DatasetItem[],
  candidates: readonly ResolvedCandidate[],
): MadeItems {
  const missing = candidates.flatMap((each) => (each.image ? [] : [leaveOutMissing(each)]));
  const { settled, disagreements } = settle(candidates);
  const groups = groupsOf(dataset, before, settled);
  const items = settled.flatMap((each) => {
    const group = groups.get(each.image.sha256);
    return group === undefined ? [] : [makeItem(each, group)];
  });
  const between = settled.filter(({ image }) => !groups.has(image.sha256)).map(leaveOutBetween);
  return { items, leftOut: [...disagreements, ...missing, ...between] };
}

function settle(candidates: readonly ResolvedCandidate[]) {
  const images = new Map<string, Candidate & { readonly image: DatasetImage }>();
  for (const { image, verdicts, place, since } of candidates) {
    if (!image) continue;
    const first = images.get(image.sha256) ?? { place, since, image, verdicts: [] };
    images.set(image.sha256, { ...first, verdicts: [...first.verdicts, ...verdicts] });
  }
  const settled: SettledImage[] = [];
  const disagreements: LeftOut[] = [];
  for (const { image, verdicts, place } of images.values()) {
    const { verdict, people } = settleVerdicts(verdicts);
    const { source } = verdict ?? verdicts[0]!; // an image has a verdict
    const video = 'kept' in place ? undefined : place.video;
    if (verdict) settled.push({ image, verdict, video, split: givenSplit(verdicts) });
    else disagreements.push({ reason: 'disagreement', source, picture: image.sha256, people });
  }
  return { settled, disagreements };
}

/** Part that the newest import with a part gave. */
function givenSplit(verdicts: readonly Verdict[]): Split | undefined {
  const given = verdicts.filter(({ split }) => split !== undefined);
  return given.toSorted((a, b) => b.time.getTime() - a.time.getTime())[0]?.split;
}

/** Groups by image: those of the version before, and those of new images. */
function groupsOf(
  dataset: string,
  before: readonly DatasetItem[],
  settled: readonly SettledImage[],
): Groups {
  const grouped = before.map(({ picture: image, group, split, source }) => {
    return { ...image, group, split, video: 'event_id' in source ? group : undefined };
  });
  const known = new Map(
    before.map(({ picture: { sha256 }, group, split }) => [sha256, { group, split }]),
  );
  const added = settled.filter(({ image }) => !known.has(image.sha256));
  const images = added.map(({ image, video, split }) => ({ ...image, video, split }));
  return new Map([...known, ...assignGroups(dataset, grouped, images)]);
}

function makeItem({ image, verdict }: SettledImage, inPart: GroupInPart): DatasetItem {
  const { content, source, feedback_id, by, time } = verdict;
  return {
    ...{ picture: image, ...inPart, ...content },
    ...{ source, feedback_id, by, time: time.toISOString() },
  };
}

function leaveOutMissing({
  place,
  verdicts,
  missing: reason,
}: Extract<ResolvedCandidate, { readonly image?: undefined }>): LeftOut {
  const people = [...new Set(verdicts.map(({ by }) => by))];
  const { source } = verdicts[0]!; // a candidate has a verdict
  const image = 'kept' in place ? place.kept : undefined;
  return { reason, source, people, ...(image !== undefined && { picture: image }) };
}

function leaveOutBetween({ image, verdict }: SettledImage): LeftOut {
  const { source, by } = verdict;
  return { reason: 'between-splits', source, picture: image.sha256, people: [by] };
}
