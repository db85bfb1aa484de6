import { messageOf, RequestError } from '../api/request.js';
import { listModels } from '../api/system.js';
import { element, icon } from '../dom.js';
import { showMessage } from '../parts/messages.js';
import { notFoundState } from '../parts/states.js';
import type { Page } from '../router.js';
import { showBuildDialog } from './build-dialog.js';
import { contentsCard, exportCard, lineageCard, versionsCard } from './dataset-cards.js';
import { type DatasetState, readDataset } from './dataset-state.js';
import { datasetHash, describeTask } from './dataset-text.js';
import { importReport, showImportDialog } from './import-dialog.js';

const NOT_FOUND = 404;

/** Page of a version of a data set: contents, origin, exports, and the other versions. */
export const datasetPage: Page = async (target, signal, spec) => {
  try {
    await showDataset(target, spec, signal);
  } catch (error) {
    const isUnknown = error instanceof RequestError && error.problem?.status === NOT_FOUND;
    if (!isUnknown) throw error;
    const link = { href: '#/datasets', text: 'All data sets' };
    target.replaceChildren(notFoundState('Data set', `There is no data set “${spec}”.`, link));
  }
};

async function showDataset(target: HTMLElement, spec: string, signal: AbortSignal) {
  const state = await readDataset(spec, signal);
  const { name, version } = state.dataset;
  document.title = `${name} ${version} · Vidette`;
  const note = element('div', {});
  target.replaceChildren(
    element('a', { class: 'back-link', href: '#/datasets' }, icon('back'), 'Data sets'),
    datasetHead(state, note, signal),
    note,
    contentsCard(state),
    lineageCard(state),
    exportCard(state),
    versionsCard(state),
  );
}

function datasetHead({ dataset, versions }: DatasetState, note: HTMLElement, signal: AbortSignal) {
  const { name, version, task } = dataset;
  const build = async () => {
    const built = await showBuildDialog(await listModels(signal), versions[0]);
    if (built) location.hash = datasetHash(name, built.version);
  };
  const importZip = async () => {
    const report = await showImportDialog(name);
    if (report) note.replaceChildren(importReport(report));
  };
  return element(
    'div',
    {},
    element(
      'div',
      { class: 'job-title' },
      element('h1', { class: 'text-break' }, `${name}, version ${version}`),
      element(
        'div',
        { class: 'job-actions' },
        actionButton('Import …', importZip),
        actionButton('Build the next version …', build),
      ),
    ),
    element('p', { class: 'job-head-facts' }, describeTask(task)),
  );
}

function actionButton(text: string, act: () => Promise<void>): HTMLElement {
  const onclick = () => {
    act().catch((error: unknown) => showMessage(messageOf(error), 'error'));
  };
  return element('button', { class: 'btn btn-sm btn-outline-secondary', onclick }, text);
}
