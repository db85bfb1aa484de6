import type { Search } from '../../domain/search/parse-search.js';
import { messageOf } from '../api/request.js';
import { findSightings, listNewestVideos } from '../api/search.js';
import { element } from '../dom.js';
import { emptyState } from '../parts/states.js';
import type { Page } from '../router.js';
import { sightingCard, videoCard } from './cards.js';
import { exploreHash, parseExplored } from './explore-link.js';
import { describeSearch, searchOf } from './explored-search.js';
import { type CardPage, pagedGrid } from './paged-grid.js';
import { searchForm } from './search-form.js';

/** Page that finds where a class was detected; without a search, it shows the videos with a result. */
export const explorePage: Page = async (target, signal, _, query) => {
  const explored = parseExplored(query);
  const head = [element('h1', { class: 'page-title' }, 'Explore')];
  let search: Search | undefined;
  try {
    search = searchOf(explored, new Date());
  } catch (error) {
    target.replaceChildren(...head, searchForm(explored, messageOf(error)));
    return;
  }
  const found = search ? await drawSightings(search, signal) : await drawVideos(signal);
  target.replaceChildren(...head, searchForm(explored, undefined), ...found);
};

async function drawSightings(search: Search, signal: AbortSignal): Promise<readonly HTMLElement[]> {
  const read = async (cursor?: string): Promise<CardPage> => {
    const { sightings, next } = await findSightings(search, cursor, signal);
    return { cards: sightings.map((each) => sightingCard(each, signal)), next };
  };
  const first = await read();
  const title = element('h2', { class: 'explore-found' }, describeSearch(search));
  if (first.cards.length > 0) return [title, pagedGrid('Sightings', first, read)];
  const hint = emptyState(
    'search',
    'Nothing matches',
    'Check the name of the class, or lower the confidence. ',
    element('a', { href: exploreHash() }, 'Show all videos'),
  );
  return [title, hint];
}

async function drawVideos(signal: AbortSignal): Promise<readonly HTMLElement[]> {
  const read = async (cursor?: string): Promise<CardPage> => {
    const { videos, next } = await listNewestVideos(cursor, signal);
    return { cards: videos.flatMap((video) => videoCard(video, signal) ?? []), next };
  };
  const first = await read();
  if (first.cards.length > 0) {
    const title = element('h2', { class: 'explore-found' }, 'Videos with a result');
    return [title, pagedGrid('Videos', first, read)];
  }
  const hint = emptyState(
    'film',
    'No video has a result yet',
    'What jobs detect is found here. ',
    element('a', { href: '#/jobs' }, 'Start a job'),
  );
  return [hint];
}
