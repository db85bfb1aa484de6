import type { Stream, Timeline } from '../../api/types.js';
import { type CameraEvent, getTimeline, listEvents } from '../api/streams.js';
import { element } from '../dom.js';
import { dayLegend } from './day-legend.js';
import { dayOf, STEP_S, sumDay } from './day.js';
import { dayStrip } from './day-strip.js';

interface CameraDay {
  readonly root: HTMLElement;
  /** Shows the state of the camera until now. */
  readonly showStream: (stream: Stream) => void;
  /** Reads the timeline and the events of today, at most every ten seconds. */
  readonly refresh: (stream: Stream) => Promise<void>;
}

const REFRESH_MS = 10_000;

/** Timeline of today, and the time of each of its reasons. */
export function cameraDay(uuid: string, signal: AbortSignal): CameraDay {
  const strip = dayStrip({ hours: true });
  const legend = dayLegend();
  let timeline: Timeline | undefined;
  let events: readonly CameraEvent[] = [];
  let readAt = -Infinity;
  const showStream = (stream: Stream) => strip.update(stream, timeline, events);
  const refresh = async (stream: Stream) => {
    if (performance.now() - readAt < REFRESH_MS) return;
    readAt = performance.now();
    const span = dayOf(Date.now());
    [timeline, { events }] = await Promise.all([
      getTimeline(uuid, span, STEP_S, signal),
      listEvents(uuid, { span }, signal),
    ]);
    legend.update(sumDay(timeline));
    showStream(stream);
  };
  return { root: element('div', {}, strip.root, legend.root), showStream, refresh };
}
