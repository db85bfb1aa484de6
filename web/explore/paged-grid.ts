import { messageOf } from '../api/request.js';
import { element } from '../dom.js';
import { showMessage } from '../parts/messages.js';

/** Page of cards, and the cursor of the next one. */
export interface CardPage {
  readonly cards: readonly HTMLElement[];
  readonly next: string | null;
}

/**
 * Grid of cards that grows by a page at a time.
 * @param first page that is read already
 * @param read reads the page of a cursor
 */
export function pagedGrid(
  label: string,
  first: CardPage,
  read: (cursor: string) => Promise<CardPage>,
): HTMLElement {
  const list = element('ul', { class: 'explore-grid', 'aria-label': label });
  const more = element('button', { class: 'btn btn-outline-secondary explore-more' }, 'Show more');
  let next: string | null = null;
  const add = (page: CardPage) => {
    list.append(...page.cards);
    next = page.next;
    more.hidden = next === null;
  };
  more.addEventListener('click', () => {
    if (next === null) return;
    more.disabled = true;
    const count = list.children.length;
    void read(next)
      .then(
        (page) => {
          add(page);
          list.children[count]?.querySelector('a')?.focus();
        },
        (error: unknown) => showMessage(messageOf(error), 'error'),
      )
      .finally(() => (more.disabled = false));
  });
  add(first);
  return element('div', {}, list, more);
}
