import { element, fill, icon } from '../dom.js';
import { keepCurrent } from '../parts/keep-current.js';
import { notFoundState } from '../parts/states.js';
import type { Page } from '../router.js';
import { historyCard } from './history-card.js';
import { modelHead } from './model-head.js';
import { type ModelState, readModel } from './model-state.js';
import { retrainCard } from './retrain-card.js';
import { versionsCard } from './versions-card.js';

const POLL_MS = 5000;

/** Page of a model: its versions, aliases, their history, and its retraining. */
export const modelPage: Page = async (target, signal, name) => {
  const state = await readModel(name, signal);
  if (!state) {
    const message = `The catalogue has no model “${name}”.`;
    const link = { href: '#/models', text: 'All models' };
    return target.replaceChildren(notFoundState('Model', message, link));
  }
  const changed = () => void refresh();
  const head = modelHead(name, changed);
  const versions = versionsCard(name, changed);
  const retraining = retrainCard(name, changed);
  const history = historyCard(name, signal);
  const show = (now: ModelState) => {
    head.show(now);
    versions.show(now);
    retraining.show(now);
    history.show(now.history);
  };
  const refresh = async () => {
    // The connection strip reports an unavailable API; what was read stays.
    const now = await readModel(name, signal).catch(() => undefined);
    if (now) show(now);
  };
  document.title = `${name} · Vidette`;
  show(state);
  const back = element('a', { class: 'back-link', href: '#/models' }, icon('back'), 'Models');
  fill(target, back, head.root, retraining.root, versions.root, history.root);
  keepCurrent(refresh, signal, POLL_MS);
};
