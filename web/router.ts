import { pause, waitUntilBack } from './api/connection.js';
import { isTemporary, messageOf } from './api/request.js';
import { errorState, loadingState, notFoundState } from './parts/states.js';

/** Draws a page into an element; the signal aborts when the user leaves the page. */
export type Page = (
  target: HTMLElement,
  signal: AbortSignal,
  parameter: string,
  query: URLSearchParams,
) => Promise<void> | void;

export interface Route {
  /** Path after `#/`; a second segment and the query are passed to the page. */
  readonly path: string;
  readonly title: string;
  readonly page: Page;
}

/** Interval between attempts to draw a page that failed with a temporary error. */
const RETRY_MS = 3000;

/** Shows the page that the URL's hash names, and follows its changes. */
export function startRouter(
  target: HTMLElement,
  routes: readonly Route[],
  onChange: (route: Route) => void,
): void {
  let current = new AbortController();
  const show = async (isFirst: boolean) => {
    current.abort();
    current = new AbortController();
    const { signal } = current;
    const [place = '', query = ''] = location.hash.replace(/^#\/?/, '').split('?', 2);
    const [path = '', parameter = ''] = place.split('/');
    const route = findRoute(routes, path);
    document.title = `${route.title} · Vidette`;
    onChange(route);
    target.replaceChildren(loadingState(`Loading ${route.title.toLowerCase()}`));
    if (!isFirst) target.focus();
    try {
      const draw = (attemptSignal: AbortSignal) =>
        route.page(
          target,
          attemptSignal,
          decodeURIComponent(parameter),
          new URLSearchParams(query),
        );
      await drawWithRetry(draw, signal);
    } catch (error) {
      if (signal.aborted) return;
      target.replaceChildren(errorState(messageOf(error), () => void show(false)));
    }
  };
  /** Draws a page and retries after temporary errors. @throws any other error */
  const drawWithRetry = async (
    draw: (tried: AbortSignal) => Promise<void> | void,
    signal: AbortSignal,
  ) => {
    let lastMessage = '';
    for (;;) {
      const attempt = new AbortController();
      try {
        return await draw(AbortSignal.any([signal, attempt.signal]));
      } catch (error) {
        signal.throwIfAborted();
        attempt.abort(); // stops timers and streams of the failed attempt
        if (!isTemporary(error)) throw error;
        const message = messageOf(error);
        if (lastMessage !== message) {
          target.replaceChildren(errorState(message, () => void show(false)));
        }
        lastMessage = message;
        await pause(RETRY_MS, signal);
        await waitUntilBack(signal);
      }
    }
  };
  addEventListener('hashchange', () => {
    // A dialog belongs to the page that opened it.
    document.querySelectorAll('dialog').forEach((dialog) => dialog.close());
    void show(false);
  });
  void show(true);
}

/** Returns the route of a path; of none, the first one. */
function findRoute(routes: readonly Route[], path: string): Route {
  const found = path === '' ? routes[0] : routes.find((route) => route.path === path);
  return found ?? { path, title: 'Page not found', page: notFoundPage };
}

const notFoundPage: Page = (target) => {
  const message = `The page “${location.hash}” does not exist. Check the spelling.`;
  target.replaceChildren(notFoundState('Page', message, { href: '#/jobs', text: 'All jobs' }));
};
