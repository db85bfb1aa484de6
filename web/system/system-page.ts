import { listJobs } from '../api/jobs.js';
import { messageOf } from '../api/request.js';
import { getMetrics, getModelInfo, getReadiness, getSystem } from '../api/system.js';
import { element } from '../dom.js';
import { count } from '../format.js';
import { errorState, loadingState } from '../parts/states.js';
import type { Page } from '../router.js';
import { throughputCard } from './throughput.js';

const POLL_MS = 5000;

/** Health, the model in use, and how much work goes through. */
export const systemPage: Page = (target, signal) => {
  const health = card('Health');
  const model = card('Model in use');
  const throughput = throughputCard();
  target.replaceChildren(
    element('h1', {}, 'Models and system'),
    element('div', { class: 'system-grid' }, health.root, model.root, throughput.root),
  );
  const look = async () => {
    await Promise.all([
      health.show(() => healthOf(signal), signal),
      model.show(() => modelOf(signal), signal),
      throughput.show(() => getMetrics(signal), signal),
    ]);
  };
  const timer = setInterval(() => void look(), POLL_MS);
  signal.addEventListener('abort', () => clearInterval(timer));
  void look();
};

async function healthOf(signal: AbortSignal): Promise<HTMLElement> {
  const [readiness, system] = await Promise.all([getReadiness(signal), getSystem()]);
  const running = readiness.ready ? await listJobs({ status: 'processing' }, signal) : undefined;
  const state = readiness.ready ? 'ready' : 'not ready';
  return facts([
    [
      'State',
      element('span', { class: `status status-${readiness.ready ? 'ready' : 'failed'}` }, state),
    ],
    ...(readiness.ready ? [] : [['Reason', readiness.reason] as const]),
    ['Version', system.version],
    ...(running ? [['Jobs that run', runningText(running)] as const] : []),
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
    ['API', element('a', { href: '/docs' }, 'description')],
  ]);
}

const runningText = ({
  jobs,
  next,
}: {
  readonly jobs: readonly unknown[];
  readonly next: string | null;
}) => `${count(jobs.length)}${next === null ? '' : ' or more'}`;

async function modelOf(signal: AbortSignal): Promise<HTMLElement> {
  const { model_name, version, classes } = await getModelInfo(signal);
  const names = Object.values(classes);
  const list = element(
    'details',
    {},
    element('summary', {}, `${count(names.length)} classes`),
    element('p', { class: 'class-list' }, names.join(', ')),
  );
  return facts([
    ['Name', model_name],
    ['Version', String(version)],
    ['Knows', list],
  ]);
}

function facts(values: readonly (readonly [string, string | HTMLElement])[]): HTMLElement {
  return element(
    'dl',
    { class: 'fact-list' },
    ...values.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]),
  );
}

function card(title: string) {
  const body = element('div', {}, loadingState('Loading'));
  const root = element('section', { class: 'card card-body' }, element('h2', {}, title), body);
  let shown = '';
  const show = async (read: () => Promise<HTMLElement>, signal: AbortSignal) => {
    try {
      const content = await read();
      if (content.outerHTML === shown) return; // what a person opened stays open
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
