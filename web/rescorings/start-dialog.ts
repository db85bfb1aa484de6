import type { Model } from '../../api/types.js';
import { startRescoring } from '../api/rescorings.js';
import { listModels } from '../api/system.js';
import { element } from '../dom.js';
import { field, selectInput } from '../parts/fields.js';
import { modelOptions, versionOptions } from '../parts/model-options.js';
import { showStartForm } from '../parts/start-dialog.js';
import { readTime, timeInput } from '../parts/time-input.js';

const INTRODUCTION =
  'Runs a model over the kept images and the finished jobs of a time span, and reports what would ' +
  'have changed. What is stored stays as it is.';
const NO_MODELS = 'The catalogue has no model. Add one with "vidette models add".';

/** Age of the oldest predictions that are offered at first, in milliseconds. */
const WEEK_MS = 7 * 24 * 3_600_000;

const INCLUDES = [
  ['all', 'Images, and jobs if the model finds objects'],
  ['images', 'Only images'],
  ['jobs', 'Only jobs'],
] as const;

/** Asks for the options of a rescoring and starts it. @returns its id; undefined if the user cancels. */
export function showStartDialog(): Promise<string | undefined> {
  return showStartForm({
    ...{ title: 'Start a rescoring', needs: 'models', load: listModels },
    createForm: (models) => (models.length === 0 ? NO_MODELS : optionsForm(models)),
  });
}

function optionsForm(models: readonly Model[]) {
  const model = selectInput(versionOptions(models));
  const of = selectInput(modelOptions(models));
  const since = timeInput(new Date(Date.now() - WEEK_MS).toISOString());
  since.required = true;
  const until = timeInput();
  const include = selectInput(INCLUDES);
  const root = element(
    'div',
    {},
    element('p', { class: 'text-body-secondary' }, INTRODUCTION),
    element(
      'div',
      { class: 'options-grid' },
      field('Model that runs', model),
      field('Past predictions of', of),
      field('From', since),
      field('To (now if empty)', until),
      field('Includes', include),
    ),
  );
  const send = async () => {
    const [from, to] = [readTime(since)!, readTime(until)]; // the first one is required
    const kind = INCLUDES[include.selectedIndex]![0]; // an option per entry
    const { rescore_id } = await startRescoring({
      ...{ model: model.value, of: of.value, since: from },
      ...(to !== null && { until: to }),
      ...(kind !== 'all' && { include: [kind] }),
    });
    return rescore_id;
  };
  return { root, send };
}
