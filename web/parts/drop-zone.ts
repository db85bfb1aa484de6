import { element, icon, type IconName } from '../dom.js';

interface DropZoneOptions {
  readonly icon: IconName;
  readonly title: string;
  readonly hint: string;
  /** Accepted file types in the syntax of `<input accept>`, such as `video/*`. */
  readonly accept: string;
  readonly multiple?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
  /** Accepts files that are dropped anywhere on the page, until this aborts; default: only in the area. */
  readonly anywhere?: AbortSignal;
}

/** Area that accepts files by drag and drop, or by a file dialog. */
export function dropZone(options: DropZoneOptions): HTMLElement {
  const { title, hint, accept, multiple, onFiles, anywhere } = options;
  const input = element('input', {
    ...{ type: 'file', class: 'visually-hidden', accept, 'aria-label': title },
    multiple: multiple ?? false,
  });
  const zone = element(
    'label',
    { class: 'drop-zone' },
    input,
    icon(options.icon),
    element('span', { class: 'state-title' }, title),
    element('span', { class: 'text-body-secondary' }, hint),
  );
  const take = (files: FileList | null | undefined) => {
    if (files && files.length > 0) onFiles([...files]);
  };
  input.addEventListener('change', () => {
    take(input.files);
    input.value = '';
  });
  const over = (isOver: boolean) => (event: DragEvent) => {
    if (!event.dataTransfer?.types.includes('Files')) return; // text that is moved into a field
    event.preventDefault();
    zone.classList.toggle('is-over', isOver);
  };
  const target: GlobalEventHandlers & EventTarget = anywhere ? document : zone;
  const listening = anywhere ? { signal: anywhere } : {};
  target.addEventListener('dragover', over(true), listening);
  target.addEventListener('dragleave', over(false), listening);
  const drop = (event: DragEvent) => {
    over(false)(event);
    take(event.dataTransfer?.files);
  };
  target.addEventListener('drop', drop, listening);
  return zone;
}
