import type { RescoreCase, RescoreReport } from '../../api/types.js';
import { readCases } from '../api/rescorings.js';
import { messageOf } from '../api/request.js';
import { keptImageUrl } from '../api/review.js';
import { formatDiffLink } from '../diff/diff-link.js';
import { element, fill } from '../dom.js';
import { formatClock, formatCount, formatPercent } from '../format.js';
import { card } from '../parts/card.js';
import { emptyState, errorState, loadingState } from '../parts/states.js';

/** Number of cases that the page shows. */
const SHOWN = 50;
const MS_PER_S = 1000;

type ImageCase = Extract<RescoreCase, { readonly type: 'image' }>;
type FrameCase = Extract<RescoreCase, { readonly type: 'frame' }>;

/** Card with the cases for which an answer of a person is worth most. */
export function casesCard(
  { rescore_id, cases, images }: RescoreReport,
  signal: AbortSignal,
): HTMLElement {
  const list = element('div', {});
  const load = async () => {
    fill(list, loadingState('Loading the cases'));
    try {
      const found = await readCases(rescore_id, SHOWN, signal);
      fill(list, caseList(found));
    } catch (error) {
      if (signal.aborted) return;
      fill(
        list,
        errorState(messageOf(error), () => void load()),
      );
    }
  };
  if (cases === 0) {
    fill(list, emptyState('image', 'Nothing differs', 'Both models gave the same answers.'));
  } else void load();
  return card(
    'Cases',
    cases > 0 && element('p', { class: 'text-body-secondary' }, introductionOf(cases)),
    cases > 0 && images.agree < images.compared && reviewLink(rescore_id),
    list,
  );
}

function introductionOf(cases: number): string {
  const shown = cases > SHOWN ? `These are the ${SHOWN}` : 'They are listed with those first';
  return `${formatCount(cases)} images and frames differ. ${shown} for which an answer of a person is worth most.`;
}

function reviewLink(rescoreId: string): HTMLElement {
  const query = new URLSearchParams({ kind: 'disagreement', rescoring: rescoreId });
  const attributes = { class: 'btn btn-outline-primary rescoring-review' };
  return element('a', { ...attributes, href: `#/review?${query}` }, 'Review the images');
}

function caseList(cases: readonly RescoreCase[]): HTMLElement {
  const items = cases.map((each) => (each.type === 'image' ? imageItem(each) : frameItem(each)));
  return element('ol', { class: 'case-list' }, ...items);
}

function imageItem({ sha256, before, after, change, worth }: ImageCase): HTMLElement {
  const url = keptImageUrl(sha256);
  // An image that was erased in the meantime leaves its place empty.
  const onerror = (event: Event) => (event.target as HTMLElement).remove();
  const thumbnail = element('img', { src: url, alt: '', loading: 'lazy', onerror });
  const answers = `before ${answerText(before)}, after ${answerText(after)}`;
  return caseItem({ href: url, thumbnail, title: change, facts: [answers], worth });
}

function answerText({ class: name, confidence }: ImageCase['before']): string {
  return name === null ? 'nothing' : `${name} ${formatPercent(confidence)}`;
}

function frameItem(found: FrameCase): HTMLElement {
  const { event_id, rescored_event_id, video_id, frame, timestamp_ms, change, worth } = found;
  const timeS = timestamp_ms / MS_PER_S;
  const href = formatDiffLink({ a: event_id, b: rescored_event_id, timeS });
  const facts = [`${video_id}, frame ${frame}, ${formatClock(timeS)}`];
  return caseItem({ href, title: change, facts, worth });
}

interface CaseItem {
  readonly href: string;
  readonly thumbnail?: HTMLElement;
  readonly title: string;
  readonly facts: readonly string[];
  readonly worth: number;
}

function caseItem({ href, thumbnail, title, facts, worth }: CaseItem): HTMLElement {
  return element(
    'li',
    { class: 'case' },
    element('div', { class: 'case-image' }, thumbnail),
    element(
      'div',
      { class: 'text-break' },
      element('a', { href }, title),
      ...facts.map((text) => element('div', { class: 'entry-facts' }, text)),
    ),
    element('span', { class: 'entry-badge' }, `worth ${formatPercent(worth)}`),
  );
}
