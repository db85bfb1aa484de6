import type { JobDetails } from '../../api/types.js';
import { diffVttUrl, readDiff } from '../api/diff.js';
import { getJob, getResultHeader } from '../api/jobs.js';
import { messageOf, RequestError } from '../api/request.js';
import { element, icon } from '../dom.js';
import { titleOf } from '../jobs/job-text.js';
import { errorState } from '../parts/states.js';
import type { Page } from '../router.js';
import { type DiffLink, formatDiffLink, parseDiffLink } from './diff-link.js';
import { type DiffView, diffView } from './diff-view.js';

const HOW_TO = 'Open a job and choose “Compare with …”.';

/** Page that compares the results of two jobs of one video. */
export const diffPage: Page = async (target, signal, _, query) => {
  const link = parseDiffLink(query);
  if (!link) return showProblem(target, `A comparison needs two jobs. ${HOW_TO}`);
  try {
    await showDiff(target, link, signal);
  } catch (error) {
    const isFinal =
      error instanceof RequestError && [404, 409].includes(error.problem?.status ?? 0);
    if (!isFinal) throw error;
    showProblem(target, messageOf(error));
  }
};

function showProblem(target: HTMLElement, message: string): void {
  const action = element('a', { class: 'btn btn-outline-primary', href: '#/jobs' }, 'All jobs');
  target.replaceChildren(errorState(message, undefined, { title: 'Cannot compare', action }));
}

async function showDiff(target: HTMLElement, link: DiffLink, signal: AbortSignal): Promise<void> {
  const [a, b] = await Promise.all([getJob(link.a, signal), getJob(link.b, signal)]);
  const note = element('div', {});
  let opened: DiffView | undefined;
  const open = () => {
    if (opened) return opened;
    opened = diffView({ a, b, link, signal });
    target.replaceChildren(diffHead(a, link), note, opened.root);
    return opened;
  };
  const summary = await readDiff(link, (row) => open().add(row), signal);
  note.replaceChildren(...optionsNote(summary.different_options));
  const header = await getResultHeader(link.a, signal);
  if (header) open().setFrameSize(header.video.size);
}

function diffHead(job: JobDetails, { a, b, confA, confB }: DiffLink): HTMLElement {
  const swapped = formatDiffLink({ a: b, b: a, confA: confB, confB: confA });
  const subtitles = diffVttUrl({ a, b, confA, confB });
  document.title = `Compare ${titleOf(job)} · Vidette`;
  return element(
    'div',
    {},
    element('a', { class: 'back-link', href: '#/jobs' }, icon('back'), 'Jobs'),
    element(
      'div',
      { class: 'job-title' },
      element('h1', { class: 'text-break' }, `Compare two results of ${titleOf(job)}`),
      element(
        'div',
        { class: 'job-actions' },
        element('a', { class: 'btn btn-sm btn-outline-secondary', href: swapped }, 'Swap A and B'),
        element(
          'a',
          { class: 'btn btn-sm btn-outline-secondary', href: subtitles, download: `${a}.diff.vtt` },
          'Differences as WebVTT',
        ),
      ),
    ),
  );
}

function optionsNote(names: readonly string[]): readonly HTMLElement[] {
  if (names.length === 0) return [];
  const text = `The jobs also differ in ${names.join(', ')}, not only in the model.`;
  return [element('p', { class: 'alert alert-warning' }, text)];
}
