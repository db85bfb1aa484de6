import { type CameraEvent, eventUrl } from '../api/streams.js';
import { element, fill } from '../dom.js';
import { formatDate } from '../format.js';

/** Plays the clip of an event in a dialog. */
export function showClip(event: CameraEvent): void {
  const src = eventUrl(event, 'clip.mp4');
  const video = element('video', { src, controls: true, autoplay: true, playsinline: true });
  video.muted = true; // browsers start only muted videos
  const notice = element('p', { role: 'alert', class: 'text-danger-emphasis' });
  video.addEventListener('error', () =>
    fill(notice, 'This browser cannot play the clip, or it was removed. Try to download it.'),
  );
  const close = element('button', { class: 'btn btn-outline-secondary', value: 'close' }, 'Close');
  const dialog = element(
    'dialog',
    { class: 'dialog dialog-wide', 'aria-labelledby': 'clip-title' },
    element(
      'h2',
      { id: 'clip-title' },
      `${event.classes.join(', ')}, ${formatDate(event.started_at)}`,
    ),
    element('div', { class: 'clip-video' }, video),
    notice,
    element(
      'form',
      { method: 'dialog', class: 'dialog-buttons' },
      element('a', { class: 'btn btn-outline-secondary', href: src, download: true }, 'Download'),
      close,
    ),
  );
  dialog.addEventListener('close', () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
