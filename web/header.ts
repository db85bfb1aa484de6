import { getSystem } from './api/system.js';
import { element } from './dom.js';
import iconUrl from './icon.svg';
import { navMenu } from './parts/nav-menu.js';
import { sessionMenu } from './parts/session-menu.js';
import { connectionStrip } from './parts/connection-strip.js';
import type { Route } from './router.js';

const IMAGE_PAGE = '#/image';
/** Pages that need no server. */
const IMAGE_PAGES: readonly string[] = ['image', 'system'];

const LINKS = [
  ['jobs', 'Jobs'],
  ['explore', 'Explore'],
  ['cameras', 'Cameras'],
  ['alerts', 'Alerts'],
  ['image', 'Image'],
  ['review', 'Review'],
  ['models', 'Models'],
  ['datasets', 'Data sets'],
  ['experiments', 'Experiments'],
  ['system', 'System'],
] as const;

/** Navigation entry to highlight for a page without an entry. */
const PARENT: Readonly<Record<string, string>> = {
  ...{ job: 'jobs', diff: 'jobs', camera: 'cameras', 'add-camera': 'cameras' },
  ...{ model: 'models', dataset: 'datasets', experiment: 'experiments', 'image-batch': 'jobs' },
  ...{ rescorings: 'models', rescoring: 'models' },
};

/** Draws the page header. @returns a function that highlights the current page in it. */
export function drawHeader(target: HTMLElement): (route: Route) => void {
  const links = LINKS.map(([path, title]) => ({
    path,
    link: element('a', { class: 'nav-link', href: `#/${path}` }, title),
  }));
  const brand = element(
    'a',
    { class: 'brand', href: '#/jobs', 'aria-label': 'Vidette' },
    element('img', { src: iconUrl, alt: '', width: 28, height: 28 }),
    element('span', { class: 'brand-name' }, 'Vidette'),
  );
  const api = element('a', { class: 'nav-link', href: '/docs' }, 'API');
  const nav = element(
    'nav',
    { id: 'pages', 'aria-label': 'Pages' },
    ...links.map(({ link }) => link),
    api,
  );
  const menu = navMenu(nav);
  const row = element(
    'div',
    { class: 'container-xl header-row' },
    ...[brand, menu.root, nav, sessionMenu()],
  );
  target.replaceChildren(row, connectionStrip());
  void keepImagePages(links, brand);
  return (route) => {
    menu.close();
    const current = PARENT[route.path] ?? route.path;
    for (const { path, link } of links) {
      if (path === current) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
  };
}

/** Keeps only the pages of images if the process serves single images only. */
async function keepImagePages(
  links: readonly { readonly path: string; readonly link: HTMLElement }[],
  brand: HTMLElement,
): Promise<void> {
  const { role } = await getSystem().catch(() => ({ role: 'all' }));
  if (role === 'all') return;
  for (const { path, link } of links) if (!IMAGE_PAGES.includes(path)) link.remove();
  brand.setAttribute('href', IMAGE_PAGE);
  if (['', '#', '#/', '#/jobs'].includes(location.hash)) location.replace(IMAGE_PAGE);
}
