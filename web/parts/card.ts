import { element, type Child } from '../dom.js';

/** Card with a title. */
export function card(title: string, ...children: readonly Child[]): HTMLElement {
  return element('section', { class: 'card card-body' }, element('h2', {}, title), ...children);
}
