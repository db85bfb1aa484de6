import type { Model } from '../../api/types.js';
import { startExperiment } from '../api/experiments.js';
import { getModelInfo, listModels } from '../api/system.js';
import { element } from '../dom.js';
import { field, numberInput, selectInput } from '../parts/fields.js';
import { showStartForm } from '../parts/start-dialog.js';

const MODES = [
  ['shadow', 'Shadow: its answers are not sent'],
  ['split', 'Split: it answers a share of the requests'],
] as const;
/** Percentages that the fields have at first, by mode. */
const SHARES = { shadow: 100, split: 10 } as const;
const PERCENT = 100;

/** Asks for the options of an experiment and starts it. @returns its id; undefined if the user cancels. */
export function showStartDialog(): Promise<string | undefined> {
  return showStartForm({
    ...{ title: 'Start an experiment', needs: 'versions', load: loadVersions },
    createForm: ({ inUse, others }) =>
      others.length === 0 ? noVersions(inUse) : optionsForm(inUse, others),
  });
}

interface InUse {
  readonly name: string;
  readonly version: number;
}

/** Reads the model that predicts images, and the other versions of it. */
async function loadVersions(): Promise<{
  readonly inUse: InUse;
  readonly others: readonly Model[];
}> {
  const [{ model_name: name, version }, models] = await Promise.all([getModelInfo(), listModels()]);
  const inUse = { name, version: Number(version) };
  const others = models.filter(
    (model) => model.name === name && model.version !== inUse.version && model.task === 'classify',
  );
  return { inUse, others };
}

function noVersions({ name, version }: InUse): string {
  return `The model in use, ${name} ${version}, has no other version that classifies images. Retrain it, or add a version with "vidette models add".`;
}

function optionsForm({ name, version }: InUse, others: readonly Model[]) {
  const challenger = selectInput(
    others.map((model) => [String(model.version), `${name} ${model.version}`] as const),
  );
  const mode = selectInput(MODES);
  const share = numberInput({ value: SHARES.shadow, min: 1, max: PERCENT, step: 1 });
  const modeOf = () => MODES[mode.selectedIndex]![0]; // an option per mode
  mode.addEventListener('change', () => {
    share.value = String(SHARES[modeOf()]);
  });
  const root = element(
    'div',
    { class: 'experiment-options' },
    element('p', {}, `Compares another version with ${name} ${version}, which is in use.`),
    field('Challenger', challenger),
    field('Mode', mode),
    field('Share of the predictions in percent', share),
  );
  const send = async () => {
    const options = { model: name, challenger: Number(challenger.value), mode: modeOf() };
    const started = await startExperiment({ ...options, share: Number(share.value) / PERCENT });
    return started.experiment_id;
  };
  return { root, send };
}
