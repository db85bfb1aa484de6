import { element } from '../dom.js';

/** Name and value of a fact. */
export type Fact = readonly [name: string, value: string | HTMLElement];

/** Creates a list of facts in two columns. */
export function factList(facts: readonly Fact[]): HTMLElement {
  return element(
    'dl',
    { class: 'fact-list' },
    ...facts.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]),
  );
}
