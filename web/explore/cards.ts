import type { FoundSighting, Video } from '../../api/types.js';
import { jobPageHash } from '../api/jobs.js';
import { element, icon } from '../dom.js';
import {
  formatClock,
  formatDate,
  formatPercent,
  formatTime,
  joinFacts,
  pluralize,
} from '../format.js';
import { formatMoment } from '../job/moment.js';
import { exploreHash } from './explore-link.js';
import { frameThumbnail } from './frame-thumbnail.js';

/** Maximum number of classes that the card of a video names. */
const MAX_CLASSES = 5;

/** Card of a video with a result: its poster, and links to the sightings of each class. */
export function videoCard(video: Video, signal: AbortSignal): HTMLElement | undefined {
  const { video_id, name, detected } = video;
  if (!detected) return undefined;
  const { event_id, poster_frame, classes, sightings, duration_ms, detected_at } = detected;
  const poster =
    poster_frame === null
      ? element('div', { class: 'poster' }, icon('film'))
      : frameThumbnail({ event_id, frame: poster_frame, timestamp_ms: null }, signal);
  const title = element(
    'a',
    { class: 'explore-title', href: jobPageHash(event_id) },
    name ?? video_id,
  );
  const facts = joinFacts([
    duration_ms !== null && formatClock(duration_ms / 1000),
    pluralize(sightings, 'sighting'),
    formatDate(detected_at),
  ]);
  const links = classes.slice(0, MAX_CLASSES).map((className) => {
    const href = exploreHash({ text: `"${className}" in ${video_id}` });
    return element('a', { class: 'explore-class', href }, className);
  });
  const more = classes.length - links.length;
  return element(
    'li',
    { class: 'explore-card' },
    ...[poster, title, element('p', { class: 'explore-facts' }, facts)],
    element('p', { class: 'explore-classes' }, ...links, more > 0 && `and ${more} more`),
  );
}

/** Card of a sighting: a crop of its best frame, and a link to its moment. */
export function sightingCard(sighting: FoundSighting, signal: AbortSignal): HTMLElement {
  const { class: className, max_conf, event_id, best } = sighting;
  const image =
    event_id === null
      ? element('div', { class: 'poster' }, icon('camera'))
      : frameThumbnail({ event_id, ...best }, signal);
  const title = element(
    'a',
    { class: 'explore-title', href: hrefOf(sighting) },
    `${className}, ${formatPercent(max_conf)}`,
  );
  return element(
    'li',
    { class: 'explore-card' },
    ...[image, title],
    element('p', { class: 'explore-facts' }, placeOf(sighting)),
    element('p', { class: 'explore-facts' }, timesOf(sighting)),
  );
}

function hrefOf({ event_id, scenario_uuid, best, class: className }: FoundSighting): string {
  if (event_id === null) return `#/camera/${scenario_uuid ?? ''}`;
  return formatMoment(event_id, { timeS: best.timestamp_ms / 1000, className });
}

function placeOf({ video_name, video_id, scenario_uuid, at, event_id }: FoundSighting): string {
  if (event_id === null) return `camera ${scenario_uuid ?? ''}`;
  return joinFacts([video_name ?? video_id, formatDate(at)]);
}

/** The span in the video, or the time of day of a camera. */
function timesOf({ event_id, from_ms, to_ms, frames, at }: FoundSighting): string {
  const format = (ms: number) =>
    event_id === null ? formatTime(new Date(ms).toISOString()) : formatClock(ms / 1000);
  const span = from_ms === to_ms ? format(from_ms) : `${format(from_ms)} to ${format(to_ms)}`;
  return joinFacts([event_id === null && formatDate(at), span, pluralize(frames, 'frame')]);
}
