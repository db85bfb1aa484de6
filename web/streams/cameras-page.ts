import type { Stream } from '../../api/types.js';
import { messageOf } from '../api/request.js';
import { listStreams } from '../api/streams.js';
import { element, fill, icon } from '../dom.js';
import { pluralize } from '../format.js';
import { keepCurrent } from '../parts/keep-current.js';
import { emptyState, errorState, loadingState } from '../parts/states.js';
import type { Page } from '../router.js';
import { cameraWall } from './wall.js';

const INTRODUCTION =
  'Vidette detects objects in the video of cameras around the clock, and accounts for each second: ' +
  'seen, or why not.';

/** Page with all cameras: the running ones first. */
export const camerasPage: Page = (target, signal) => {
  const list = element('div', {}, loadingState('Loading cameras'));
  const running = cameraWall(signal);
  const ended = cameraWall(signal);
  const more = element('button', { class: 'btn btn-outline-secondary more' }, 'More cameras');
  let pages = 1;
  let shown = '';
  const draw = (streams: readonly Stream[], hasMore: boolean) => {
    const open = streams.filter(({ ended_at }) => ended_at === null);
    const closed = streams.filter(({ ended_at }) => ended_at !== null);
    running.update(open);
    ended.update(closed);
    const layout = JSON.stringify([open.length > 0, closed.length, hasMore]);
    if (layout === shown) return; // keeps opened details and the focus
    shown = layout;
    if (streams.length === 0) return fill(list, emptyWall());
    fill(
      list,
      open.length > 0 ? running.root : noneRunning(),
      closed.length > 0 && endedCameras(closed.length, ended.root),
      hasMore && more,
    );
  };
  const refresh = async () => {
    try {
      const { streams, hasMore } = await readPages(pages, signal);
      draw(streams, hasMore);
    } catch (error) {
      // The connection strip reports a lost API: the cameras that are shown stay.
      if (signal.aborted || (shown !== '' && shown !== 'error')) return;
      shown = 'error';
      fill(
        list,
        errorState(messageOf(error), () => void refresh()),
      );
    }
  };
  more.addEventListener('click', () => {
    pages++;
    void refresh();
  });
  target.replaceChildren(
    element('div', { class: 'page-title' }, element('h1', {}, 'Cameras'), addLink()),
    list,
  );
  keepCurrent(refresh, signal);
};

async function readPages(pages: number, signal: AbortSignal) {
  const streams: Stream[] = [];
  let cursor: string | null = null;
  for (let page = 0; page < pages; page++) {
    const read = await listStreams(cursor, signal);
    streams.push(...read.streams);
    cursor = read.next;
    if (cursor === null) break;
  }
  return { streams, hasMore: cursor !== null };
}

const addLink = () =>
  element('a', { class: 'btn btn-primary', href: '#/add-camera' }, icon('add'), ' Add a camera');

function emptyWall(): HTMLElement {
  const empty = emptyState('camera', 'No cameras yet', INTRODUCTION);
  const hint = ['For a demonstration, run ', element('code', {}, 'vidette streams try'), '.'];
  empty.append(
    element('p', { class: 'text-body-secondary' }, ...hint),
    element('a', { class: 'btn btn-outline-primary', href: '#/add-camera' }, 'Add a camera'),
  );
  return empty;
}

const noneRunning = () =>
  emptyState('camera', 'No camera is running', 'Start one below again, or add another one.');

function endedCameras(count: number, wall: HTMLElement): HTMLElement {
  const summary = element('summary', {}, `${pluralize(count, 'camera')} stopped or ended`);
  return element('details', { class: 'ended-cameras' }, summary, wall);
}
