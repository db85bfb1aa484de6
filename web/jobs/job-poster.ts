import type { Job } from '../../api/types.js';
import { getFirstFrame, jobUrl } from '../api/jobs.js';
import { element, icon } from '../dom.js';

/** First frame of a job; an icon if the job did not store it, or not yet. */
export function jobPoster(job: Job): HTMLElement {
  const root = element('div', { class: 'poster' }, icon('film'));
  const { parameters, counts } = job;
  const isStored = parameters !== null && parameters.frames !== 'none' && counts !== null;
  if (!isStored || counts.frames === 0) return root;
  showFirstFrame(root, job).catch(() => undefined); // the icon remains
  return root;
}

/** A job of the whole video begins with frame 0; that of a later span is read from the result. */
async function showFirstFrame(root: HTMLElement, { event_id, parameters }: Job): Promise<void> {
  const frame = parameters?.from_ms ? (await getFirstFrame(event_id))?.frame : 0;
  if (frame === undefined) return;
  const src = jobUrl(event_id, `frames/${frame}.jpg`);
  const image = element('img', { src, alt: '', loading: 'lazy' });
  image.addEventListener('load', () => root.replaceChildren(image));
  image.addEventListener('error', () => image.remove()); // the first frame was skipped
  root.append(image);
}
