import { describePassage } from '../../domain/stream/events/describe-passage.js';
import type { ZonePassage } from '../../domain/stream/events/stream-event.js';
import { type CameraEvent, eventUrl } from '../api/streams.js';
import { element, icon } from '../dom.js';
import { formatBytes, formatDate, formatDuration, formatPercent, joinFacts } from '../format.js';
import { showClip } from './clip-dialog.js';

/** Card of an event: snapshot, objects, time, and its clip; of a passage: what the object did. */
export function eventCard(event: CameraEvent): HTMLElement {
  return event.zone ? passageCard(event, event.zone) : ruleCard(event);
}

function passageCard({ event_id, ...event }: CameraEvent, zone: ZonePassage): HTMLElement {
  const { classes, confidence, started_at } = event;
  return element(
    'li',
    { class: 'event-card', 'data-event': event_id },
    element(
      'div',
      { class: 'event-text' },
      element('h3', {}, joinFacts([classes.join(', '), zone.name])),
      element(
        'p',
        { class: 'job-facts' },
        joinFacts([describePassage(zone), formatPercent(confidence)]),
      ),
      element('p', { class: 'job-facts' }, formatDate(started_at)),
    ),
  );
}

function ruleCard(event: CameraEvent): HTMLElement {
  const { event_id, classes, confidence, objects, started_at } = event;
  return element(
    'li',
    { class: 'event-card', 'data-event': event_id },
    snapshotOf(event),
    element(
      'div',
      { class: 'event-text' },
      element('h3', {}, classes.join(', ')),
      element(
        'p',
        { class: 'job-facts' },
        joinFacts([`${objects} at once`, formatPercent(confidence), lengthOf(event)]),
      ),
      element('p', { class: 'job-facts' }, formatDate(started_at)),
      clipOf(event),
    ),
  );
}

function snapshotOf(event: CameraEvent): HTMLElement {
  const root = element('div', { class: 'event-image' }, icon('camera'));
  if (!event.snapshot) return root;
  const alt = `First frame of the event: ${event.classes.join(', ')}`;
  const image = element('img', { src: eventUrl(event, 'snapshot.jpg'), alt, loading: 'lazy' });
  image.addEventListener('error', () => image.remove()); // it was removed to make room
  root.append(image);
  return root;
}

function lengthOf({ started_at, ended_at, last_seen_at }: CameraEvent): string {
  if (ended_at === null) return 'in progress';
  return formatDuration((Date.parse(last_seen_at) - Date.parse(started_at)) / 1000);
}

/** Button that plays the clip, or the reason why there is none. */
function clipOf(event: CameraEvent): HTMLElement | undefined {
  const { clip } = event;
  if (!clip) return undefined;
  switch (clip.state) {
    case 'stored': {
      const text = `Clip, ${formatBytes(clip.bytes)}`;
      const label = `${text}, of ${event.classes.join(', ')}, ${formatDate(event.started_at)}`;
      const attributes = { class: 'btn btn-sm btn-outline-secondary', 'aria-label': label };
      const onclick = () => showClip(event);
      return element('button', { ...attributes, onclick }, icon('play'), ' ', text);
    }
    case 'recording':
      return element('p', { class: 'job-facts' }, 'The clip is being recorded.');
    case 'failed':
      return element('p', { class: 'text-danger-emphasis small mb-0' }, clip.message);
    case 'removed':
      return element('p', { class: 'job-facts' }, 'The clip was removed to free its space.');
  }
}
