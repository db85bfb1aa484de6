import type { ResultHeader } from '../../api/types.js';
import { element, fill } from '../dom.js';
import { describeMoment } from './zone-text.js';
import { zoneTimeline } from './zone-timeline.js';
import { zonesView } from './zones-view.js';

interface ZonesPanelOptions {
  readonly eventId: string;
  /** Element with the video, over which the zones are drawn. */
  readonly stage: HTMLElement;
  readonly video: HTMLVideoElement;
  /** Seconds from the start of what is shown. */
  readonly timeS: () => number;
  /** Duration of the video in milliseconds. */
  readonly durationMs: () => number;
  /** Shows a moment. @param timestampMs from the start */
  readonly seek: (timestampMs: number) => void;
  readonly signal: AbortSignal;
}

export interface ZonesPanel {
  /** Tools and counts; hidden until there is a result. */
  readonly root: HTMLElement;
  /** Line of the events, for the timeline. */
  readonly timeline: readonly HTMLElement[];
  /** Shows the zones of the video of a result, and what the job counted at them. */
  readonly show: (result: ResultHeader) => void;
}

/** Zones and lines of a video: drawn over it, edited, and counted by a job. */
export function zonesPanel(options: ZonesPanelOptions): ZonesPanel {
  const { eventId, stage, video, durationMs, seek, signal } = options;
  const timeMs = () => options.timeS() * 1000;
  const body = element('div', {});
  const eventText = element('p', { class: 'zone-event-text', role: 'status' });
  const root = element(
    'section',
    { class: 'zones', 'aria-label': 'Zones and lines', hidden: true },
    eventText,
    body,
  );
  let colourOf = (_zone: string): string => '';
  const onEvent = (event: Parameters<typeof describeMoment>[0]) => {
    seek(event.time_ms);
    fill(eventText, describeMoment(event));
  };
  const timeline = zoneTimeline({
    ...{ durationMs, timeMs, onEvent },
    colourOf: (zone) => colourOf(zone),
  });
  video.addEventListener('loadedmetadata', timeline.redraw, { signal });
  const show = (result: ResultHeader) => {
    root.hidden = false;
    const view = zonesView(result, {
      ...{ eventId, stage, video, body, timeMs, onEvent, signal },
      onEvents: (events) => {
        fill(eventText);
        timeline.update(events);
      },
    });
    ({ colourOf } = view);
    void view.load();
  };
  return { root, timeline: timeline.nodes, show };
}
