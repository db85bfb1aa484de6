import type { EventPage, Stream } from '../../api/types.js';
import { messageOf } from '../api/request.js';
import { listEvents } from '../api/streams.js';
import { element, fill } from '../dom.js';
import { replaceKeepingFocus } from '../parts/keep-focus.js';
import { emptyState, errorState, loadingState } from '../parts/states.js';
import { eventCard } from './event-card.js';

interface EventList {
  readonly root: HTMLElement;
  /** Reads the events again. */
  readonly refresh: (stream: Stream) => Promise<void>;
}

/** Number of events that are shown at first, and that are added by the button. */
const FIRST = 12;
const MORE = 24;
const MAX = 200;

/** Newest events of a camera with their snapshots and clips. */
export function eventList(uuid: string, signal: AbortSignal): EventList {
  const root = element('div', {}, loadingState('Loading events'));
  let limit = FIRST;
  let shown = '';
  const draw = (page: EventPage, stream: Stream) => {
    if (page.events.length === 0) return [emptyEvents(stream)];
    const list = element('ul', { class: 'event-list' }, ...page.events.map(eventCard));
    return page.next !== null && limit < MAX ? [list, moreButton(stream)] : [list];
  };
  const refresh = async (stream: Stream) => {
    try {
      const page = await listEvents(uuid, { limit }, signal);
      const state = JSON.stringify([page, stream.parameters?.notify, stream.parameters?.zones]);
      if (state === shown) return;
      shown = state;
      replaceKeepingFocus(root, draw(page, stream), 'data-event');
    } catch (error) {
      if (signal.aborted || shown !== '') return; // the events before stay
      fill(
        root,
        errorState(messageOf(error), () => void refresh(stream)),
      );
    }
  };
  const moreButton = (stream: Stream) => {
    const onclick = () => {
      limit = Math.min(MAX, limit + MORE);
      void refresh(stream);
    };
    return element('button', { class: 'btn btn-outline-secondary more', onclick }, 'Older events');
  };
  return { root, refresh };
}

function emptyEvents({ parameters }: Stream): HTMLElement {
  const { notify = [], zones } = parameters ?? {};
  if (zones) {
    const hint = 'An event is an object that passes a zone or line, or starts when a rule matches.';
    return emptyState('search', 'No events yet', hint);
  }
  if (notify.length > 0) {
    return emptyState('search', 'No events yet', 'An event starts when a rule matches.');
  }
  return emptyState(
    'search',
    'No rules',
    'A rule makes an event of objects that are seen, with a clip and a webhook. Set one with ',
    element('code', {}, 'vidette streams configure'),
    ', or when you add a camera.',
  );
}
