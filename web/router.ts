import { messageOf } from './api/request.js';
import { errorState, loadingState } from './parts/states.js';

/** Draws a page into an element; the signal says when the person has left it. */
export type Page = (
  target: HTMLElement,
  signal: AbortSignal,
  parameter: string,
) => Promise<void> | void;

export interface Route {
  /** Address after `#/`; a page with a parameter takes one more part. */
  readonly path: string;
  readonly title: string;
  readonly page: Page;
}

/** Shows the page that the address names, now and whenever it changes. */
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
    const [path = '', parameter = ''] = location.hash.replace(/^#\/?/, '').split('/');
    const route = routes.find((one) => one.path === path) ?? routes[0];
    if (!route) return;
    document.title = `${route.title} · Vidette`;
    onChange(route);
    target.replaceChildren(loadingState(`Loading ${route.title.toLowerCase()}`));
    if (!isFirst) target.focus();
    try {
      await route.page(target, signal, decodeURIComponent(parameter));
    } catch (error) {
      if (signal.aborted) return;
      target.replaceChildren(errorState(messageOf(error), () => void show(false)));
    }
  };
  addEventListener('hashchange', () => void show(false));
  void show(true);
}
