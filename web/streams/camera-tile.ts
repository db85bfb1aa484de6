import type { EventPage, Stream, Timeline } from '../../api/types.js';
import { cameraPageHash } from '../api/streams.js';
import { element, fill, icon } from '../dom.js';
import { formatDate } from '../format.js';
import { dayStrip } from './day-strip.js';
import { iconOfState, stateBadge } from './state-badge.js';
import { describeEvents, describeRate, describeSince, hasImages, nameOf } from './stream-text.js';

export interface CameraTile {
  readonly root: HTMLElement;
  /** Image of the camera; `showImage` makes it visible. */
  readonly image: HTMLImageElement;
  readonly showImage: () => void;
  readonly update: (stream: Stream) => void;
  readonly showDay: (timeline: Timeline, events: EventPage) => void;
}

const NONE: EventPage = { events: [], next: null };

/** Tile of a camera: image, name, state, message and timeline of today. */
export function cameraTile(first: Stream): CameraTile {
  const image = element('img', { alt: '', hidden: true });
  const symbol = element('div', {});
  const screen = element('div', { class: 'tile-screen' }, symbol, image);
  const badge = element('div', {});
  const facts = element('p', { class: 'job-facts' });
  const message = element('p', { class: 'tile-message' });
  const name = element('a', { href: cameraPageHash(first.scenario_uuid) });
  const strip = dayStrip();
  const count = element('p', { class: 'job-facts' });
  let stream = first;
  let day: { readonly timeline: Timeline | undefined; readonly events: EventPage } = {
    ...{ timeline: undefined, events: NONE },
  };
  const root = element(
    'li',
    { class: 'camera-tile', 'data-scenario': first.scenario_uuid },
    screen,
    element(
      'div',
      { class: 'tile-text' },
      element('div', { class: 'tile-name' }, element('h2', {}, name), badge),
      facts,
      message,
      strip.root,
      count,
    ),
  );
  const drawDay = () => strip.update(stream, day.timeline, day.events.events);
  const update = (next: Stream) => {
    stream = next;
    root.dataset['state'] = next.state;
    screen.classList.toggle('is-away', !hasImages(next));
    fill(name, nameOf(next));
    fill(badge, stateBadge(next));
    fill(symbol, icon(iconOfState(next.state)));
    fill(facts, factsOf(next));
    fill(message, next.state === 'live' ? '' : next.message);
    drawDay();
  };
  const showDay = (timeline: Timeline, events: EventPage) => {
    day = { timeline, events };
    fill(count, describeEvents(events.events.length, events.next !== null));
    drawDay();
  };
  update(first);
  return { root, image, showImage: () => (image.hidden = false), update, showDay };
}

function factsOf(stream: Stream): string {
  if (stream.ended_at !== null) return `since ${formatDate(stream.ended_at)}`;
  const since = describeSince(stream.since, Date.now());
  const rate = describeRate(stream);
  return [since && `for ${since}`, rate].filter((text) => text !== '').join(' · ');
}
