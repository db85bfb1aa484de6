import { element } from '../dom.js';

const SHOWN_MS = 8000;

/** Shows a message at the edge of the page for eight seconds; screen readers announce it. */
export function showMessage(text: string, kind: 'info' | 'error' = 'info'): void {
  const close = element('button', { class: 'btn-close', type: 'button', 'aria-label': 'Close' });
  const message = element(
    'div',
    { class: `message alert ${kind === 'error' ? 'alert-danger' : 'alert-success'}` },
    element('span', { class: 'text-break' }, text),
    close,
  );
  close.addEventListener('click', () => message.remove());
  document.querySelector('#messages')?.append(message);
  setTimeout(() => message.remove(), SHOWN_MS);
}
