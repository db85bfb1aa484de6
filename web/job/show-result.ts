import { getResultHeader, getSummary } from '../api/jobs.js';
import { card } from '../parts/card.js';
import { downloads } from './downloads.js';
import { facts } from './facts.js';
import type { JobView } from './job-view.js';

interface ShowResult {
  readonly stage: HTMLElement;
  readonly signal: AbortSignal;
  readonly view?: Pick<JobView, 'setFrameSize' | 'showZones' | 'side'>;
}

/** Shows the key figures and downloads of the result, if the job has one. */
export async function showResult(
  eventId: string,
  { stage, signal, view }: ShowResult,
): Promise<void> {
  const header = await getResultHeader(eventId, signal);
  if (!header) return;
  view?.setFrameSize(header.video.size);
  view?.showZones(header);
  const summary = await getSummary(eventId, signal);
  (view?.side ?? stage).prepend(facts(summary));
  stage.append(card('Downloads', downloads(eventId, signal)));
}
