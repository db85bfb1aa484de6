import { pause, whenBack } from './api/connection.js';
import { messageOf, RequestError } from './api/request.js';
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

/** A page that an error holds up is tried again so often, where trying may help. */
const RETRY_MS = 3000;

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
      const draw = (tried: AbortSignal) => route.page(target, tried, decodeURIComponent(parameter));
      await drawn(draw, signal);
    } catch (error) {
      if (signal.aborted) return;
      target.replaceChildren(errorState(messageOf(error), () => void show(false)));
    }
  };
  /** Draws a page, again and again while what keeps it from being drawn may pass by itself. */
  const drawn = async (draw: (tried: AbortSignal) => Promise<void> | void, signal: AbortSignal) => {
    let told = '';
    for (;;) {
      const attempt = new AbortController();
      try {
        return await draw(AbortSignal.any([signal, attempt.signal]));
      } catch (error) {
        signal.throwIfAborted();
        attempt.abort(); // ends what it has begun
        if (!(error instanceof RequestError) || !error.isTemporary) throw error;
        if (told !== error.message) {
          target.replaceChildren(errorState(error.message, () => void show(false)));
        }
        told = error.message;
        await pause(RETRY_MS, signal);
        await whenBack(signal);
      }
    }
  };
  addEventListener('hashchange', () => void show(false));
  void show(true);
}
