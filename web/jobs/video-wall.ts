import { messageOf } from '../api/request.js';
import { listNewestVideos } from '../api/search.js';
import { element, fill } from '../dom.js';
import { videoCard } from '../explore/cards.js';
import { exploreHash } from '../explore/explore-link.js';
import { searchBox } from '../explore/search-form.js';

/** Maximum number of posters on the start page. */
const POSTERS = 10;

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
  const show = (...children: readonly HTMLElement[]) => {
    fill(content, ...children);
    root.hidden = false;
  };
  listNewestVideos(undefined, signal).then(
    ({ videos }) => {
      const cards = videos.flatMap((video) => videoCard(video, signal) ?? []);
      if (cards.length === 0) return;
      const list = element('ul', { class: 'explore-grid', 'aria-label': 'Newest videos' });
      list.append(...cards.slice(0, POSTERS));
      show(list, element('a', { href: exploreHash() }, 'All videos'));
    },
    (error: unknown) => {
      if (!signal.aborted) show(element('p', { class: 'text-danger-emphasis' }, messageOf(error)));
    },
  );
  return root;
}
