import type { ZonePassage } from './stream-event.js';

/**
 * Describes what an object did at a zone or line.
 * @example describePassage(passage) // 'track 7 left room after 5.2 s'
 */
export function describePassage({ name, kind, track_id, ...passage }: ZonePassage): string {
  const track = `track ${track_id}`;
  const { direction, dwell_ms = 0, appeared, vanished } = passage;
  if (kind === 'crossed') return `${track} crossed ${name} (${direction})`;
  if (kind === 'entered') return `${track} ${appeared ? 'appeared in' : 'entered'} ${name}`;
  const seconds = (dwell_ms / 1000).toFixed(1);
  return `${track} ${vanished ? 'vanished in' : 'left'} ${name} after ${seconds} s`;
}
