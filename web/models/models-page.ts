import type { Model } from '../../api/types.js';
import { getModelInfo, listModels } from '../api/system.js';
import { element } from '../dom.js';
import { entryList, ENTRY } from '../parts/entry-list.js';
import { keepCurrent } from '../parts/keep-current.js';
import { replaceKeepingFocus } from '../parts/keep-focus.js';
import { emptyState } from '../parts/states.js';
import type { Page } from '../router.js';
import {
  aliasTexts,
  countVersions,
  describeModel,
  describeUses,
  groupByName,
  modelHash,
  type ModelUses,
} from './model-text.js';

const POLL_MS = 10_000;

/** Page with the models of the catalogue, one entry per name. */
export const modelsPage: Page = async (target, signal) => {
  const list = element('section', { class: 'card', 'aria-label': 'List of models' });
  let shown = '';
  const show = async () => {
    const [models, uses] = await Promise.all([listModels(signal), readUses(signal)]);
    const state = JSON.stringify([models, uses]);
    if (state === shown) return;
    shown = state;
    replaceKeepingFocus(list, [drawModels(models, uses)], ENTRY);
  };
  await show();
  const rescorings = element(
    'a',
    { class: 'btn btn-outline-secondary', href: '#/rescorings' },
    'Rescorings',
  );
  const head = element('div', { class: 'page-title' }, element('h1', {}, 'Models'), rescorings);
  target.replaceChildren(head, list);
  // The connection strip reports an unavailable API; what was read stays.
  keepCurrent(() => show().catch(() => undefined), signal, POLL_MS);
};

/** Reads the default of images; an API that cannot load it still lists its models. */
async function readUses(signal: AbortSignal): Promise<ModelUses> {
  const info = await getModelInfo(signal).catch(() => undefined);
  return { images: info?.model_name };
}

function drawModels(models: readonly Model[], uses: ModelUses): HTMLElement {
  if (models.length === 0) return noModels();
  const entries = groupByName(models).map((group) => {
    const { name, versions } = group;
    const newest = versions[0]!; // a group has a version
    return {
      id: name,
      title: element('a', { href: modelHash(name) }, name),
      facts: [countVersions(group), describeModel(newest)],
      badges: [...aliasTexts(versions), ...describeUses(group, uses)],
    };
  });
  return entryList(entries, 'Models');
}

function noModels(): HTMLElement {
  return emptyState(
    'stack',
    'No models yet',
    'Add one on the command line: ',
    element('code', {}, 'vidette models add FILE.onnx'),
  );
}
