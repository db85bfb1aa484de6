import { element, icon, type IconName } from '../dom.js';

interface DropZoneOptions {
  readonly icon: IconName;
  readonly title: string;
  readonly hint: string;
  /** Accepted file types in the syntax of `<input accept>`, such as `video/*`. */
  readonly accept: string;
  readonly multiple?: boolean;
  readonly onFiles: (files: readonly File[]) => void;
}

/** Area that accepts files by drag and drop, or by a file dialog. */
export function dropZone(options: DropZoneOptions): HTMLElement {
  const { title, hint, accept, multiple, onFiles } = options;
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
    event.preventDefault();
    zone.classList.toggle('is-over', isOver);
  };
  zone.addEventListener('dragover', over(true));
  zone.addEventListener('dragleave', over(false));
  zone.addEventListener('drop', (event) => {
    over(false)(event);
    take(event.dataTransfer?.files);
  });
  return zone;
}
