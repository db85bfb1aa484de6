import { element, type Child } from '../dom.js';

interface Entry {
  /** Id of the entry, by which its focus is restored. */
  readonly id: string;
  readonly title: Child;
  /** Lines below the title. */
  readonly facts: readonly Child[];
  /** Short facts with a border. */
  readonly badges?: readonly string[];
  readonly actions?: readonly Child[];
}

/** Attribute of an entry with its id. */
export const ENTRY = 'data-entry';

/** List of entries with a title, facts, badges and actions. */
export function entryList(entries: readonly Entry[], label: string): HTMLElement {
  return element(
    'ul',
    { class: 'entry-list', 'aria-label': label },
    ...entries.map(({ id, title, facts, badges = [], actions = [] }) =>
      element(
        'li',
        { class: 'entry', [ENTRY]: id },
        element(
          'div',
          { class: 'entry-text' },
          element('div', { class: 'entry-title' }, title),
          ...facts.map((line) => element('div', { class: 'entry-facts' }, line)),
        ),
        badges.length > 0 && badgeList(badges),
        actions.length > 0 && element('div', { class: 'job-actions' }, ...actions),
      ),
    ),
  );
}

/** Short facts with a border. */
export function badgeList(texts: readonly string[]): HTMLElement {
  const badges = texts.map((text) => element('span', { class: 'entry-badge' }, text));
  return element('div', { class: 'entry-badges' }, ...badges);
}
