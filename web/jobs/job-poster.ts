import type { Job } from '../../api/types.js';
import { jobUrl } from '../api/jobs.js';
import { element, icon } from '../dom.js';

/** First frame of a video; an icon if its job did not store it, or not yet. */
export function jobPoster({ event_id, parameters, counts }: Job): HTMLElement {
  const root = element('div', { class: 'poster' }, icon('film'));
  const isStored = parameters !== null && parameters.frames !== 'none' && counts !== null;
  if (!isStored || counts.frames === 0 || parameters.from_ms) return root;
  const src = jobUrl(event_id, 'frames/0.jpg');
  const image = element('img', { src, alt: '', loading: 'lazy' });
  image.addEventListener('load', () => root.replaceChildren(image));
  image.addEventListener('error', () => image.remove()); // the first frame was skipped
  root.append(image);
  return root;
}
