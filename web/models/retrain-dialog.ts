import { listDatasets, type ListedDataset } from '../api/datasets.js';
import { type RetrainFields, startRetraining } from '../api/models.js';
import { messageOf } from '../api/request.js';
import { element } from '../dom.js';
import { pluralize } from '../format.js';
import { field, numberInput, selectInput } from '../parts/fields.js';
import { showFormDialog } from '../parts/form-dialog.js';
import { showMessage } from '../parts/messages.js';
import type { ModelState } from './model-state.js';

const TRAINERS = [
  ['head', 'Last layer (built in)'],
  ['command', 'Command of the worker (VIDETTE_TRAIN_COMMAND)'],
] as const;
const DECIDE = [
  ['person', 'A person'],
  ['rule', 'The gate'],
] as const;
const STEPS = { value: 300, min: 1, max: 1_000_000, step: 1 };

/** Asks for a data set and options, and starts a retraining. Resolves when the dialog is closed. */
export async function showRetrainDialog(state: ModelState): Promise<void> {
  try {
    const datasets = (await listDatasets()).filter(({ task }) => task === 'classify');
    await showDialog(state, datasets);
  } catch (error) {
    showMessage(messageOf(error), 'error');
  }
}

function showDialog(
  { name, versions, aliases }: ModelState,
  datasets: readonly ListedDataset[],
): Promise<void> {
  const specs = datasets.map(({ name: dataset, version, counts }) => {
    const spec = `${dataset}@${version}`;
    const { train, test } = counts;
    const images = `${pluralize(train.images, 'image')} for training, ${test.images} for the test`;
    return [spec, `${dataset} ${version}: ${images}`] as const;
  });
  const ofModel = specs.find(([spec]) => spec.startsWith(`${name}@`))?.[0];
  const dataset = selectInput(specs, ofModel);
  const champion = aliases.find(({ alias }) => alias === 'champion')?.version;
  const bases = versions.map(({ version }) => [String(version), `Version ${version}`] as const);
  const base = selectInput(bases, champion === undefined ? undefined : String(champion));
  const trainer = selectInput(TRAINERS);
  const steps = numberInput(STEPS);
  const stepsField = field('Steps', steps);
  const decide = selectInput(DECIDE);
  const offer = () => (stepsField.hidden = trainer.value !== 'head');
  trainer.addEventListener('change', offer);
  offer();
  const read = (): RetrainFields => {
    const isHead = trainer.value === 'head';
    return {
      ...{ dataset: dataset.value, base: Number(base.value) },
      trainer: isHead ? 'head' : 'command',
      ...(isHead && { params: { steps: steps.valueAsNumber } }),
      decide: decide.value === 'rule' ? 'rule' : 'person',
    };
  };
  const datasetField = field('Data set', dataset);
  datasetField.classList.add('is-wide');
  const fields = [
    datasetField,
    field('Starts from', base),
    field('Trainer', trainer),
    stepsField,
    field('Who decides', decide),
  ];
  const submit = element('button', { class: 'btn btn-primary' }, 'Start');
  submit.hidden = specs.length === 0;
  return showFormDialog({
    title: `Retrain ${name}`,
    content:
      specs.length === 0 ? [noDataset()] : [element('div', { class: 'options-grid' }, ...fields)],
    submit,
    send: async () => {
      const { started } = await startRetraining(name, read());
      if (!started) showMessage(`A retraining of ${name} is running already.`);
    },
  });
}

function noDataset(): HTMLElement {
  const close = ({ currentTarget }: Event) => {
    if (currentTarget instanceof Element) currentTarget.closest('dialog')?.close();
  };
  return element(
    'p',
    {},
    'A retraining needs a data set with the classes of images, and there is none. ',
    element('a', { href: '#/datasets', onclick: close }, 'Build one from feedback.'),
  );
}
