import { listDatasets, type ListedDataset } from '../api/datasets.js';
import { messageOf } from '../api/request.js';
import { listModels } from '../api/system.js';
import { element } from '../dom.js';
import { formatDate, joinFacts } from '../format.js';
import { entryList } from '../parts/entry-list.js';
import { keepCurrent } from '../parts/keep-current.js';
import { showMessage } from '../parts/messages.js';
import { redraw } from '../parts/redraw.js';
import { emptyState } from '../parts/states.js';
import type { Page } from '../router.js';
import { showBuildDialog } from './build-dialog.js';
import { datasetHash, describeContents, describeTask } from './dataset-text.js';

const POLL_MS = 10_000;

/** Page with the newest version of each data set. */
export const datasetsPage: Page = async (target, signal) => {
  const list = element('section', { class: 'card', 'aria-label': 'List of data sets' });
  const draw = redraw(list, drawDatasets);
  const show = async () => draw(await listDatasets(signal));
  await show();
  const head = element(
    'div',
    { class: 'job-title page-title' },
    element('h1', {}, 'Data sets'),
    element('div', { class: 'job-actions' }, buildButton(signal)),
  );
  target.replaceChildren(head, list);
  // The connection strip reports an unavailable API; what was read stays.
  keepCurrent(() => show().catch(() => undefined), signal, POLL_MS);
};

function buildButton(signal: AbortSignal): HTMLElement {
  const build = async () => {
    const built = await showBuildDialog(await listModels(signal));
    if (built) location.hash = datasetHash(built.name, built.version);
  };
  const onclick = () => {
    build().catch((error: unknown) => showMessage(messageOf(error), 'error'));
  };
  return element('button', { class: 'btn btn-primary', onclick }, 'Build a data set');
}

function drawDatasets(datasets: readonly ListedDataset[]): readonly HTMLElement[] {
  if (datasets.length === 0) return [noDatasets()];
  const entries = datasets.map((dataset) => {
    const { name, version, task, created_at, by } = dataset;
    return {
      id: name,
      title: element('a', { href: datasetHash(name) }, name),
      facts: [
        describeContents(dataset),
        joinFacts([describeTask(task), `built ${formatDate(created_at)}`, by]),
      ],
      badges: [`version ${version}`],
    };
  });
  return [entryList(entries, 'Data sets')];
}

function noDatasets(): HTMLElement {
  return emptyState(
    'stack',
    'No data sets yet',
    'Data sets are made from feedback on images and frames. ',
    element('a', { href: '#/review' }, 'Review predictions'),
    ', then build one.',
  );
}
