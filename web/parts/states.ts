import { element, icon, type Child, type IconName } from '../dom.js';

/** Placeholder shown while content loads. */
export function loadingState(label: string): HTMLElement {
  return element(
    'div',
    { class: 'state', role: 'status' },
    element('span', { class: 'spinner-border text-primary', 'aria-hidden': 'true' }),
    element('p', { class: 'mb-0' }, `${label} …`),
  );
}

/** Placeholder for empty content, with a hint how to fill it. */
export function emptyState(name: IconName, title: string, ...text: readonly Child[]): HTMLElement {
  return element(
    'div',
    { class: 'state' },
    icon(name),
    element('p', { class: 'state-title' }, title),
    element('p', { class: 'text-body-secondary mb-0' }, ...text),
  );
}

interface ErrorStateOptions {
  readonly title?: string;
  /** Element of the title: a heading if the message is the whole page. */
  readonly titleElement?: 'p' | 'h1';
  /** Alternative to a retry, such as a link. */
  readonly action?: Child;
}

/** Error message with an optional retry button. */
export function errorState(
  message: string,
  retry?: () => void,
  { title = 'Something went wrong', titleElement = 'p', action }: ErrorStateOptions = {},
): HTMLElement {
  return element(
    'div',
    { class: 'state state-error', role: 'alert' },
    icon('warning'),
    element(titleElement, { class: 'state-title' }, title),
    element('p', { class: 'state-text text-body-secondary text-break' }, message),
    retry && element('button', { class: 'btn btn-outline-primary', onclick: retry }, 'Try again'),
    action,
  );
}

/** Page of something that does not exist, with a link to the page that lists what exists. */
export function notFoundState(
  what: string,
  message: string,
  link: { readonly href: string; readonly text: string },
): HTMLElement {
  const { href, text } = link;
  const action = element('a', { class: 'btn btn-outline-primary', href }, text);
  return errorState(message, undefined, {
    ...{ title: `${what} not found`, titleElement: 'h1', action },
  });
}
