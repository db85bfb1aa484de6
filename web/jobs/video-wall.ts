import { pause, waitUntilBack } from '../api/connection.js';
import { isTemporary } from '../api/request.js';
import { listNewestVideos } from '../api/search.js';
import { element, fill } from '../dom.js';
import { videoCard } from '../explore/cards.js';
import { exploreHash } from '../explore/explore-link.js';
import { searchBox } from '../explore/search-form.js';

/** Maximum number of posters on the start page. */
const POSTERS = 10;
/** Pause before the videos are requested again after a temporary error. */
const RETRY_MS = 3000;

/** Search box and the posters of the newest videos with a result; hidden while there is none. */
export function videoWall(signal: AbortSignal): HTMLElement {
  const content = element('div', {});
  const [box, input] = searchBox({ label: 'Search videos', text: '' });
  const form = element('form', { role: 'search' }, box);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    location.hash = exploreHash({ text: input.value.trim() });
  });
  const root = element(
    'section',
    { class: 'wall', 'aria-labelledby': 'wall-title' },
    element('h2', { id: 'wall-title' }, 'Videos'),
    ...[form, content],
  );
  root.hidden = true;
  const load = async (): Promise<void> => {
    const { videos } = await listNewestVideos(undefined, signal);
    const cards = videos.flatMap((video) => videoCard(video, signal) ?? []);
    if (cards.length === 0) return;
    const list = element('ul', { class: 'explore-grid', 'aria-label': 'Newest videos' });
    list.append(...cards.slice(0, POSTERS));
    fill(content, list, element('a', { href: exploreHash() }, 'All videos'));
    root.hidden = false;
  };
  loadWithRetry(load, signal).catch(() => undefined); // the list of jobs reports the error
  return root;
}

/** Tries again when the API is back. @throws any error that is not temporary */
async function loadWithRetry(load: () => Promise<void>, signal: AbortSignal): Promise<void> {
  try {
    await load();
  } catch (error) {
    if (signal.aborted || !isTemporary(error)) throw error;
    await pause(RETRY_MS, signal);
    await waitUntilBack(signal);
    await loadWithRetry(load, signal);
  }
}
