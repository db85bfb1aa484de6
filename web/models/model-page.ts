import { listAliases, listHistory, listRetrainings } from '../api/models.js';
import { listModels } from '../api/system.js';
import { element, fill, icon } from '../dom.js';
import { keepCurrent } from '../parts/keep-current.js';
import { notFoundState } from '../parts/states.js';
import type { Page } from '../router.js';
import { historyCard } from './history-card.js';
import { modelHead } from './model-head.js';
import { retrainCard } from './retrain-card.js';
import { versionsCard } from './versions-card.js';

const POLL_MS = 3000;
/** Number of changes that are shown at first. */
const CHANGES = 10;

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

/** What the page shows of a model. */
export type ModelState = NonNullable<Awaited<ReturnType<typeof readModel>>>;

/** Reads a model; undefined if the catalogue does not have it. */
async function readModel(name: string, signal: AbortSignal) {
  const models = await listModels(signal);
  const versions = models.filter((model) => model.name === name);
  if (versions.length === 0) return undefined;
  const [aliases, history, [retraining]] = await Promise.all([
    listAliases(name, signal),
    listHistory(name, { limit: CHANGES }, signal),
    listRetrainings({ model: name }, signal),
  ]);
  return { name, versions, aliases, history, retraining };
}
