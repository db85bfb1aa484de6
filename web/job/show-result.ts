import { getResultHeader, getSummary } from '../api/jobs.js';
import { facts } from './facts.js';
import { readFoundObjects } from './found-objects.js';
import type { JobHead } from './job-head.js';
import type { JobView } from './job-view.js';

interface ShowResult {
  readonly stage: HTMLElement;
  readonly signal: AbortSignal;
  readonly head: Pick<JobHead, 'showDownloads'>;
  readonly view?: Pick<JobView, 'setFrameSize' | 'showZones' | 'showSummary' | 'showFound'>;
}

/** Shows the key figures, objects and downloads of the result, if the job has one. */
export async function showResult(
  eventId: string,
  { stage, signal, head, view }: ShowResult,
): Promise<void> {
  const header = await getResultHeader(eventId, signal);
  if (!header) return;
  view?.setFrameSize(header.video.size);
  view?.showZones(header);
  head.showDownloads();
  const summary = await getSummary(eventId, signal);
  if (!view) return stage.prepend(facts(summary));
  view.showSummary(summary);
  view.showFound(await readFoundObjects(eventId, signal));
}
