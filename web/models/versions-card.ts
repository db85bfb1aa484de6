import type { Model } from '../../api/types.js';
import { element } from '../dom.js';
import { formatBytes, joinFacts } from '../format.js';
import { card } from '../parts/card.js';
import { entryList } from '../parts/entry-list.js';
import { redraw } from '../parts/redraw.js';
import { showPromoteDialog } from './change-dialogs.js';
import type { ModelState } from './model-state.js';
import { countClasses, describeLicence } from './model-text.js';

/** Card with the versions of a model, the newest first, each of which can be promoted. */
export function versionsCard(name: string, onChanged: () => void) {
  const body = element('div', {});
  const draw = redraw(body, (versions: readonly Model[]) => [
    entryList(
      versions.map((version) => entryOf(version, onChanged)),
      `Versions of ${name}`,
    ),
  ]);
  return { root: card('Versions', body), show: ({ versions }: ModelState) => draw(versions) };
}

function entryOf(model: Model, onChanged: () => void) {
  const { name, version, aliases, is_default, size_bytes, source } = model;
  const badges = [...aliases, ...(is_default ? ['default for videos'] : [])];
  const promote = () => void showPromoteDialog(name, version).then(onChanged);
  const label = `Promote version ${version}`;
  return {
    id: String(version),
    title: `Version ${version}`,
    facts: [
      joinFacts([formatBytes(size_bytes), describeLicence(model), source]),
      element('code', { title: 'SHA-256 of the ONNX file' }, model.sha256.slice(0, 16)),
      classesOf(model),
    ],
    badges,
    actions: aliases.includes('champion')
      ? []
      : [
          element(
            'button',
            {
              class: 'btn btn-sm btn-outline-secondary',
              'aria-label': label,
              onclick: promote,
            },
            'Promote',
          ),
        ],
  };
}

function classesOf(model: Model): HTMLElement {
  return element(
    'details',
    {},
    element('summary', {}, countClasses(model)),
    element('p', { class: 'class-list' }, model.classes.join(', ')),
  );
}
