import type { ModelAlias } from '../../api/types.js';
import { element, fill } from '../dom.js';
import { badgeList } from '../parts/entry-list.js';
import { showRollbackDialog } from './change-dialogs.js';
import type { ModelState } from './model-state.js';
import { aliasTexts, countVersions, describeModel, describeUses } from './model-text.js';

const CHAMPION = 'champion';

/** Header of the page of a model: name, facts, aliases, and the rollback. */
export function modelHead(name: string, onChanged: () => void) {
  const actions = element('div', { class: 'job-actions' });
  const facts = element('p', { class: 'job-head-facts' });
  const badges = element('div', {});
  const title = element('h1', { class: 'text-break' }, name);
  const root = element(
    'div',
    { class: 'model-head' },
    element('div', { class: 'job-title' }, title, actions),
    facts,
    badges,
  );
  let drawn = '';
  const show = (state: ModelState) => {
    const text = JSON.stringify([state.versions, state.aliases]);
    if (text === drawn) return;
    drawn = text;
    const { versions } = state;
    fill(facts, ...[describeModel(versions[0]!), countVersions(state)].map(span));
    const texts = [...aliasTexts(versions), ...describeUses(state, { images: undefined })];
    fill(badges, texts.length > 0 && badgeList(texts));
    const champion = state.aliases.find(({ alias }) => alias === CHAMPION);
    fill(actions, champion?.previous && rollbackButton(name, champion, onChanged));
  };
  return { root, show };
}

const span = (text: string) => element('span', {}, text);

function rollbackButton(name: string, champion: ModelAlias, onChanged: () => void): HTMLElement {
  const onclick = () => void showRollbackDialog(name, champion).then(onChanged);
  const text = `Roll back to ${champion.previous?.version}`;
  return element('button', { class: 'btn btn-sm btn-outline-secondary', onclick }, text);
}
