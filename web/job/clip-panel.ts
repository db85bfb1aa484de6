import { jobUrl } from '../api/jobs.js';
import { element, fill } from '../dom.js';
import { spanFields } from '../jobs/span-fields.js';
import { field, selectInput } from '../parts/fields.js';
import type { FoundObject } from './found-objects.js';
import { renderDownload } from './render-download.js';
import { describeObject } from './track-bars.js';

interface ClipPanelOptions {
  readonly eventId: string;
  /** Seconds from the start of what is shown. */
  readonly timeS: () => number;
  /** Duration of the video in ms. */
  readonly lengthMs: () => number;
  readonly signal: AbortSignal;
}

interface ClipPanel {
  readonly root: HTMLElement;
  /** Proposes a clip of an object. */
  readonly select: (object: FoundObject) => void;
}

/** Length of the clip that is proposed at a moment. */
const LENGTH_MS = 10_000;
/** Time before and after an object, as the API has it for tracks. */
const MARGIN_MS = 1000;
const BOXES = [
  ['all', 'All boxes'],
  ['track', 'Boxes of the track'],
  ['none', 'No boxes'],
] as const;

/** Form that downloads an MP4 of the selected object, or of a span of the video. */
export function clipPanel({ eventId, timeS, lengthMs, signal }: ClipPanelOptions): ClipPanel {
  const boxes = selectInput(BOXES);
  const ofTrack = boxes.options[1]!; // of BOXES
  const subject = element('p', { class: 'clip-subject' });
  const place = element('div', {});
  let read: ReturnType<typeof spanFields>['read'] = () => ({});
  let track: number | undefined;
  const propose = (fromMs: number, toMs: number, object: FoundObject | undefined) => {
    track = object?.trackId;
    ofTrack.disabled = track === undefined;
    if (ofTrack.disabled && ofTrack.selected) boxes.value = 'all';
    const seconds = (ms: number) => Math.round(ms / 10) * 10;
    const span = spanFields({
      from_ms: seconds(Math.max(0, fromMs)),
      to_ms: seconds(Math.min(toMs, lengthMs())),
    });
    read = span.read;
    fill(subject, object ? describeObject(object) : 'From the moment that is shown');
    fill(place, span.root);
  };
  place.addEventListener('input', () => {
    track = undefined;
    ofTrack.disabled = true;
    if (ofTrack.selected) boxes.value = 'all';
    fill(subject, 'A span of the video');
  });
  const download = renderDownload({
    ...{ title: 'Download clip', text: 'MP4', signal },
    url: () =>
      clipUrl(eventId, { ...(track === undefined ? read() : { track }), boxes: boxes.value }),
  });
  const root = element(
    'details',
    { class: 'clip-panel' },
    element('summary', {}, 'Clip of this moment or object'),
    ...[subject, place, field('Draw', boxes), download],
  );
  root.addEventListener('toggle', () => {
    if (root.open && !place.hasChildNodes()) proposeMoment();
  });
  const proposeMoment = () => propose(timeS() * 1000, timeS() * 1000 + LENGTH_MS, undefined);
  const select = (object: FoundObject) => {
    propose(object.fromMs - MARGIN_MS, object.toMs + MARGIN_MS, object);
    root.open = true;
  };
  return { root, select };
}

function clipUrl(
  eventId: string,
  values: Readonly<Record<string, string | number | undefined>>,
): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    if (value !== undefined) query.set(name, String(value));
  }
  return jobUrl(eventId, `clip?${query}`);
}
