import { element, icon, type Child, type IconName } from '../dom.js';

/** What a place shows while its content is on the way. */
export function loadingState(label: string): HTMLElement {
  return element(
    'div',
    { class: 'state', role: 'status' },
    element('span', { class: 'spinner-border text-primary', 'aria-hidden': 'true' }),
    element('p', { class: 'mb-0' }, `${label} …`),
  );
}

/** What a place shows that has nothing yet, and how that changes. */
export function emptyState(name: IconName, title: string, ...text: readonly Child[]): HTMLElement {
  return element(
    'div',
    { class: 'state' },
    icon(name),
    element('p', { class: 'state-title' }, title),
    element('p', { class: 'text-body-secondary mb-0' }, ...text),
  );
}

export interface ErrorStateOptions {
  readonly title?: string;
  /** Another way on than to try again, such as a link. */
  readonly way?: Child;
}

/** What went wrong, in the API's words, with a way to try again. */
export function errorState(
  message: string,
  retry?: () => void,
  { title = 'That did not work', way }: ErrorStateOptions = {},
): HTMLElement {
  return element(
    'div',
    { class: 'state state-error', role: 'alert' },
    icon('warning'),
    element('p', { class: 'state-title' }, title),
    element('p', { class: 'state-text text-body-secondary text-break' }, message),
    retry && element('button', { class: 'btn btn-outline-primary', onclick: retry }, 'Try again'),
    way,
  );
}
