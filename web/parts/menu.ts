import { element, icon } from '../dom.js';

/** Button that opens a panel below it; Escape and a click elsewhere close it. */
export function menu(title: string, content: HTMLElement, signal: AbortSignal): HTMLElement {
  const summary = element(
    'summary',
    { class: 'btn btn-sm btn-outline-secondary' },
    title,
    icon('down'),
  );
  const panel = element('div', { class: 'menu-panel card card-body' }, content);
  const root = element('details', { class: 'menu' }, summary, panel);
  root.addEventListener('keydown', ({ key }) => {
    if (key !== 'Escape' || !root.open) return;
    root.open = false;
    summary.focus();
  });
  const closeOutside = ({ target }: Event) => {
    if (target instanceof Node && !root.contains(target)) root.open = false;
  };
  document.addEventListener('click', closeOutside, { signal });
  return root;
}
