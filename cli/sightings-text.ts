import type { FoundSighting, SightingPage } from '../client/index.js';
import { formatTable, formatTime } from './format.js';

const HEAD = ['CLASS', 'CONF', 'VIDEO', 'FROM', 'TO', 'FRAMES', 'DETECTED', 'JOB'];

/** Formats a page of sightings as a table, with the cursor of the next one. */
export function formatSightings({ sightings, next }: SightingPage): string {
  if (sightings.length === 0) {
    return 'Nothing matches. Jobs of earlier releases are found after: vidette index';
  }
  const table = formatTable([HEAD, ...sightings.map(rowOf)]);
  return next === null ? table : `${table}\nMore: --cursor ${next}`;
}

function rowOf(sighting: FoundSighting): string[] {
  const { class: name, max_conf, video_name, video_id, scenario_uuid } = sighting;
  const { from_ms, to_ms, frames, at, event_id } = sighting;
  const isVideo = scenario_uuid === null;
  return [
    ...[name, max_conf.toFixed(2), video_name ?? video_id ?? 'camera'],
    ...[from_ms, to_ms].map((ms) => (isVideo ? formatMoment(ms) : timeOfDay(ms))),
    ...[String(frames), formatTime(at), event_id ?? scenario_uuid ?? '-'],
  ];
}

/** @example formatMoment(62_400) // '1:02.4' */
function formatMoment(ms: number): string {
  const tenths = Math.floor(ms / 100);
  const [minutes, rest] = [Math.floor(tenths / 600), tenths % 600];
  return `${minutes}:${(rest / 10).toFixed(1).padStart(4, '0')}`;
}

/** Time of day in the time zone of this host. */
function timeOfDay(ms: number): string {
  return new Date(ms).toLocaleTimeString('sv-SE');
}
