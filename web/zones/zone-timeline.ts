import type { ZoneEvent } from '../../api/types.js';
import { element, fill, icon } from '../dom.js';
import { formatCount } from '../format.js';
import { createStrip } from '../job/timeline-strip.js';
import { nearestEvent, neighbouringEvent } from './zone-text.js';

interface ZoneTimelineOptions {
  /** Duration of the video in milliseconds. */
  readonly durationMs: () => number;
  /** Milliseconds from the start of what is shown. */
  readonly timeMs: () => number;
  readonly colourOf: (zone: string) => string;
  readonly onEvent: (event: ZoneEvent) => void;
}

interface ZoneTimeline {
  /** Label and strip, for the lines of the timeline; hidden without events. */
  readonly nodes: readonly HTMLElement[];
  readonly update: (events: readonly ZoneEvent[]) => void;
  /** Draws the events again, after the duration of the video has changed. */
  readonly redraw: () => void;
}

/** Width of the mark of an event, in spans of the strip. */
const MARK = 1.5;

/** Line of the timeline with the events at zones and lines; a click shows the nearest one. */
export function zoneTimeline(options: ZoneTimelineOptions): ZoneTimeline {
  const { durationMs, timeMs, colourOf, onEvent } = options;
  let events: readonly ZoneEvent[] = [];
  const go = (event: ZoneEvent | undefined) => {
    if (event) onEvent(event);
  };
  const stepButton = (name: 'back' | 'forward', label: string, by: -1 | 1) =>
    element(
      'button',
      {
        ...{ class: 'btn btn-sm tool', type: 'button', 'aria-label': label, title: label },
        onclick: () => go(neighbouringEvent(events, timeMs(), by)),
      },
      icon(name),
    );
  const total = element('span', { class: 'timeline-total' });
  const label = element(
    'div',
    { class: 'timeline-label zone-events' },
    element('span', { class: 'timeline-name' }, 'zone events'),
    stepButton('back', 'Previous zone event', -1),
    stepButton('forward', 'Next zone event', 1),
    total,
  );
  const strip = createStrip((share) => go(nearestEvent(events, share * durationMs())));
  strip.classList.add('zone-events');
  const draw = () => {
    const context = strip.getContext('2d');
    if (!context) return;
    context.clearRect(0, 0, strip.width, strip.height);
    for (const { zone, time_ms } of events) {
      context.fillStyle = colourOf(zone);
      const share = Math.min(1, time_ms / durationMs());
      context.fillRect(share * (strip.width - MARK), 0, MARK, strip.height);
    }
  };
  const nodes = [label, strip];
  const update = (next: readonly ZoneEvent[]) => {
    events = next;
    for (const node of nodes) node.hidden = events.length === 0;
    fill(total, formatCount(events.length));
    draw();
  };
  update([]);
  return { nodes, update, redraw: draw };
}
