import type { Stream } from '../../api/types.js';
import { createPalette } from '../../domain/result/class-colours.js';
import { messageOf, RequestError } from '../api/request.js';
import { getStream, streamEntries } from '../api/streams.js';
import { getClasses } from '../api/system.js';
import { element } from '../dom.js';
import { card } from '../parts/card.js';
import { keepCurrent } from '../parts/keep-current.js';
import { showMessage } from '../parts/messages.js';
import { notFoundState } from '../parts/states.js';
import type { Page } from '../router.js';
import { cameraFigures, cameraHead } from './camera-head.js';
import { cameraDay } from './camera-day.js';
import { dayOf } from './day.js';
import { eventList } from './event-list.js';
import { liveView } from './live-view.js';
import { resultsList } from './results-list.js';
import { createRowBuffer, type RowBuffer } from './row-buffer.js';
import { isRow } from './stream-text.js';

/** Interval between reads of the state. */
const STATE_MS = 2000;
/** Time of rows before the visit that is read. */
const ROWS_MS = 60_000;

/** Page of a camera: live view with boxes, timeline of today, results and events. */
export const cameraPage: Page = async (target, signal, uuid) => {
  const stream = await findStream(target, uuid, signal);
  if (!stream) return;
  const colourOf = createPalette(await getClasses(stream.model, signal));
  const rows = createRowBuffer();
  const head = cameraHead(() => void refresh());
  const live = liveView({ uuid, rows, colourOf, signal });
  const figures = element('div', {});
  const results = resultsList(uuid, rows, () => dayOf(Date.now()));
  const day = cameraDay(uuid, signal);
  const events = eventList(uuid, signal);
  const show = (now: Stream) => {
    head.update(now);
    live.update(now);
    figures.replaceChildren(cameraFigures(now));
    day.showStream(now);
  };
  const refresh = async () => {
    try {
      const now = await getStream(uuid, signal);
      show(now);
      await Promise.all([events.refresh(now), day.refresh(now)]);
    } catch (error) {
      if (isMissing(error)) location.hash = '#/cameras'; // it was deleted elsewhere
    }
  };
  target.replaceChildren(
    head.root,
    element(
      'div',
      { class: 'camera-columns' },
      element(
        'div',
        {},
        element('section', { class: 'card live-card', 'aria-label': 'Live view' }, live.root),
        card('Today', day.root),
      ),
      element('aside', {}, card('Now', figures), card('Results', results.root)),
    ),
    card('Events', events.root),
  );
  show(stream);
  keepCurrent(refresh, signal, STATE_MS);
  const onRow = () => {
    live.redraw();
    results.update();
  };
  void followRows(uuid, rows, onRow, signal);
};

/** Reads a scenario; if it does not exist, shows that and returns undefined. */
async function findStream(
  target: HTMLElement,
  uuid: string,
  signal: AbortSignal,
): Promise<Stream | undefined> {
  try {
    return await getStream(uuid, signal);
  } catch (error) {
    if (!isMissing(error)) throw error;
    const message = `The camera “${uuid}” does not exist. It may have been deleted.`;
    const link = { href: '#/cameras', text: 'All cameras' };
    target.replaceChildren(notFoundState('Camera', message, link));
    return undefined;
  }
}

/** Whether the API does not know a scenario, or its id is not one. */
const isMissing = (error: unknown) =>
  error instanceof RequestError && [400, 404].includes(error.problem?.status ?? 0);

async function followRows(
  uuid: string,
  rows: RowBuffer,
  onRow: () => void,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const entry of streamEntries(uuid, Date.now() - ROWS_MS, signal)) {
      if (!isRow(entry)) continue;
      rows.add(entry);
      onRow();
    }
  } catch (error) {
    if (!signal.aborted && !isMissing(error)) showMessage(messageOf(error), 'error');
  }
}
