import { element, type Child } from '../dom.js';

/** Name and value of a figure. */
export type Fact = readonly [name: string, value: Child];

/** Grid of figures. */
export function factGrid(facts: readonly Fact[]): HTMLElement {
  return element(
    'dl',
    { class: 'facts' },
    ...facts.map(([name, value]) =>
      element('div', {}, element('dt', {}, name), element('dd', {}, value)),
    ),
  );
}
