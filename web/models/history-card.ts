import type { AliasHistory, ModelAlias } from '../../api/types.js';
import { listHistory } from '../api/models.js';
import { messageOf } from '../api/request.js';
import { element } from '../dom.js';
import { formatDate, joinFacts } from '../format.js';
import { card } from '../parts/card.js';
import { entryList } from '../parts/entry-list.js';
import { showMessage } from '../parts/messages.js';
import { redraw } from '../parts/redraw.js';
import { emptyState } from '../parts/states.js';
import { describeChange } from './model-text.js';

/** Number of older changes that are read at once. */
const MORE = 50;

/** Card with the changes of the aliases of a model: who changed what, when and why. */
export function historyCard(name: string, signal: AbortSignal) {
  const body = element('div', {});
  const show = redraw(body, ({ changes, next }: AliasHistory) => {
    if (changes.length === 0) return [noChanges()];
    const list = element('div', {}, drawChanges(changes));
    return next === null ? [list] : [list, moreButton(list, next)];
  });
  const moreButton = (list: HTMLElement, cursor: string): HTMLElement => {
    const button = element('button', { class: 'btn btn-outline-secondary more' }, 'Older changes');
    const load = async () => {
      const { changes, next } = await listHistory(name, { limit: MORE, cursor }, signal);
      list.append(drawChanges(changes));
      if (next === null) button.remove();
      else button.replaceWith(moreButton(list, next));
    };
    button.addEventListener('click', () => {
      load().catch((error: unknown) => showMessage(messageOf(error), 'error'));
    });
    return button;
  };
  return { root: card('History of the aliases', body), show };
}

function drawChanges(changes: readonly ModelAlias[]): HTMLElement {
  const entries = changes.map((change) => ({
    id: `${change.alias} ${change.at}`,
    title: describeChange(change),
    facts: [joinFacts([formatDate(change.at), change.by]), change.reason ?? 'no reason given'],
  }));
  return entryList(entries, 'Changes');
}

const noChanges = () =>
  emptyState(
    'clock',
    'No changes yet',
    'Promote a version to make it the champion; each change is listed here with its reason.',
  );
