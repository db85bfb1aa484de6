import { messageOf } from '../api/request.js';
import { getMetrics, getModelInfo, getReadiness, getStorage, getSystem } from '../api/system.js';
import { element } from '../dom.js';
import { formatCount } from '../format.js';
import { card } from '../parts/card.js';
import { errorState, loadingState } from '../parts/states.js';
import type { Page } from '../router.js';
import { factList } from './facts.js';
import { storageView } from './storage.js';
import { throughputCard } from './throughput.js';
import { camerasOf, jobsOf } from './work.js';

const POLL_MS = 5000;

/** Page with health, jobs, cameras, the model in use, storage, and the throughput of images. */
export const systemPage: Page = async (target, signal) => {
  // Without an answer, each card shows why.
  const { role } = await getSystem().catch(() => ({ role: 'all' }));
  if (signal.aborted) return;
  const isAll = role === 'all';
  const health = refreshedCard('Health');
  const jobs = refreshedCard('Jobs');
  const cameras = refreshedCard('Cameras');
  const model = refreshedCard('Model in use');
  const storage = refreshedCard('Storage');
  const throughput = throughputCard();
  target.replaceChildren(
    element('h1', {}, 'System'),
    element(
      'div',
      { class: 'system-grid' },
      ...[health.root, ...(isAll ? [jobs.root, cameras.root] : [])],
      ...[model.root, ...(isAll ? [storage.root] : []), throughput.root],
    ),
  );
  const refresh = async () => {
    await Promise.all([
      health.show(() => healthOf(signal), signal),
      model.show(() => modelOf(signal), signal),
      throughput.show(() => getMetrics(signal), signal),
      ...(isAll
        ? [
            jobs.show(() => jobsOf(signal), signal),
            cameras.show(() => camerasOf(signal), signal),
            storage.show(async () => storageView(await getStorage(signal)), signal),
          ]
        : []),
    ]);
  };
  const timer = setInterval(() => void refresh(), POLL_MS);
  signal.addEventListener('abort', () => clearInterval(timer));
  void refresh();
};

async function healthOf(signal: AbortSignal): Promise<HTMLElement> {
  const [readiness, system] = await Promise.all([getReadiness(signal), getSystem()]);
  const isWhole = readiness.ready && readiness.unavailable.length === 0;
  const state = isWhole ? 'ready' : readiness.ready ? 'images only' : 'not ready';
  const away = readiness.unavailable.map(({ server, reason }) => `${server}: ${reason}`);
  return factList([
    ['State', element('span', { class: `status status-${isWhole ? 'ready' : 'failed'}` }, state)],
    ...(readiness.ready ? [] : [['Reason', readiness.reason] as const]),
    ...(readiness.ready && away.length > 0 ? [['Unavailable', away.join('; ')] as const] : []),
    ['Version', system.version],
    ...(system.temporal_ui === null
      ? []
      : [
          [
            'Workflows',
            element(
              'a',
              { href: system.temporal_ui, target: '_blank', rel: 'noopener' },
              'Temporal',
            ),
          ] as const,
        ]),
    ['API', element('a', { href: '/docs' }, 'documentation')],
  ]);
}

async function modelOf(signal: AbortSignal): Promise<HTMLElement> {
  const { model_name, version, classes } = await getModelInfo(signal);
  const names = Object.values(classes);
  const list = element(
    'details',
    {},
    element('summary', {}, `${formatCount(names.length)} classes`),
    element('p', { class: 'class-list' }, names.join(', ')),
  );
  return factList([
    ['Name', model_name],
    ['Version', String(version)],
    ['Detects', list],
  ]);
}

function refreshedCard(title: string) {
  const body = element('div', {}, loadingState('Loading'));
  const root = card(title, body);
  let shown = '';
  const show = async (read: () => Promise<HTMLElement>, signal: AbortSignal) => {
    try {
      const content = await read();
      if (content.outerHTML === shown) return; // keeps opened details open
      shown = content.outerHTML;
      body.replaceChildren(content);
    } catch (error) {
      if (signal.aborted) return;
      shown = '';
      body.replaceChildren(errorState(messageOf(error)));
    }
  };
  return { root, show };
}
