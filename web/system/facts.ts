import { element } from '../dom.js';
import type { Fact } from '../parts/fact-grid.js';

/** Creates a list of facts in two columns. */
export function factList(facts: readonly Fact[]): HTMLElement {
  return element(
    'dl',
    { class: 'fact-list' },
    ...facts.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]),
  );
}
