import { element, fill } from '../dom.js';

interface ProgressBar {
  readonly root: HTMLElement;
  /** @param share 0 to 1; null if unknown */
  readonly update: (share: number | null, text: string) => void;
}

/** Progress bar with a caption below it. */
export function progressBar(label: string): ProgressBar {
  const bar = element('div', { class: 'progress-bar' });
  const track = element(
    'div',
    { class: 'progress', role: 'progressbar', 'aria-label': label, 'aria-valuemin': 0 },
    bar,
  );
  track.setAttribute('aria-valuemax', '100');
  const caption = element('div', { class: 'progress-caption' });
  const update = (share: number | null, text: string) => {
    const value = Math.round(Math.min(1, Math.max(0, share ?? 0)) * 100);
    bar.style.width = share === null ? '' : `${value}%`;
    track.classList.toggle('is-unknown', share === null);
    if (share === null) track.removeAttribute('aria-valuenow');
    else track.setAttribute('aria-valuenow', String(value));
    fill(caption, text);
  };
  return { root: element('div', {}, track, caption), update };
}
