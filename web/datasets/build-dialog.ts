import type { Model } from '../../api/types.js';
import { type BuildFields, buildDataset, type ListedDataset } from '../api/datasets.js';
import { element } from '../dom.js';
import { field, selectInput } from '../parts/fields.js';
import { showFormDialog } from '../parts/form-dialog.js';
import { showMessage } from '../parts/messages.js';
import { modelOptions } from '../parts/model-options.js';
import { readTime, timeInput } from '../parts/time-input.js';
import { TASKS } from './dataset-text.js';

const INTRODUCTION =
  'Takes the feedback that people gave until now. The same content is the same version.';

/**
 * Asks for the feedback of a new data set, or of the next version of one, and builds it. Resolves with
 * the version when the dialog is closed; undefined if it was cancelled.
 */
export async function showBuildDialog(
  models: readonly Model[],
  parent?: ListedDataset,
): Promise<ListedDataset | undefined> {
  const { fields, read } = buildFields(models, parent);
  let built: ListedDataset | undefined;
  await showFormDialog({
    title: parent ? `Build the next version of ${parent.name}` : 'Build a data set',
    content: [
      element('p', { class: 'text-body-secondary' }, INTRODUCTION),
      element('div', { class: 'options-grid' }, ...fields),
    ],
    submit: element('button', { class: 'btn btn-primary' }, 'Build'),
    send: async () => {
      const { name, ...request } = read();
      const { created, ...dataset } = await buildDataset(name, request);
      built = dataset;
      const { version } = dataset;
      showMessage(
        created
          ? `Version ${version} of ${name} is built.`
          : `Nothing changed: this is version ${version} of ${name}.`,
      );
    },
  });
  return built;
}

function buildFields(models: readonly Model[], parent: ListedDataset | undefined) {
  const name = element('input', {
    ...{ class: 'form-control', required: true, maxlength: 128, pattern: '[A-Za-z0-9_\\-]+' },
    ...{ placeholder: 'fish', title: 'Letters, digits, "_" or "-"', autocomplete: 'off' },
  });
  const task = selectInput(TASKS, parent?.task);
  const filters = parent?.made_from.filters ?? {};
  const model = modelSelect(models, filters.model);
  const since = timeInput(filters.since);
  const read = (): BuildFields & { readonly name: string } => ({
    name: parent?.name ?? name.value,
    task: parent?.task ?? (task.value === 'classify' ? 'classify' : 'detect'),
    model: model.value === '' ? null : model.value,
    since: readTime(since),
  });
  const fields = [
    ...(parent ? [] : [field('Name', name), field('Contents', task)]),
    field('Feedback on', model),
    field('Given since', since),
  ];
  return { fields, read };
}

/** Choice of a model in all versions or in one. */
function modelSelect(models: readonly Model[], selected: string | undefined): HTMLSelectElement {
  const options = modelOptions(models);
  const isKnown = options.some(([value]) => value === selected);
  const missing = selected !== undefined && !isKnown ? [selected] : [];
  return selectInput(
    [['', 'all models'], ...missing.map((spec) => [spec, spec] as const), ...options],
    selected ?? '',
  );
}
