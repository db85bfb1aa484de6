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
  /** Alternative to a retry, such as a link. */
  readonly action?: Child;
}

/** Error message with an optional retry button. */
export function errorState(
  message: string,
  retry?: () => void,
  { title = 'Something went wrong', action }: ErrorStateOptions = {},
): HTMLElement {
  return element(
    'div',
    { class: 'state state-error', role: 'alert' },
    icon('warning'),
    element('p', { class: 'state-title' }, title),
    element('p', { class: 'state-text text-body-secondary text-break' }, message),
    retry && element('button', { class: 'btn btn-outline-primary', onclick: retry }, 'Try again'),
    action,
  );
}
