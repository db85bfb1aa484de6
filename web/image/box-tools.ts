import { element, fill } from '../dom.js';
import type { EditedObject } from './box-edits.js';

interface BoxToolsOptions {
  readonly classes: readonly string[];
  /** By pointer, the next drag draws a box; by keyboard, a box is added immediately. */
  readonly onNew: (byKeyboard: boolean) => void;
  readonly onRemove: () => void;
  readonly onClass: (name: string) => void;
  readonly onSave: () => void;
  readonly onCancel: () => void;
}

interface BoxTools {
  readonly root: HTMLElement;
  readonly className: () => string;
  /** Shows the selected box; `isDrawing` while the next drag draws a box. */
  update(selected: EditedObject | undefined, isDrawing: boolean): void;
  /** Focuses the class field. */
  focusClass: () => void;
  focusNew(): void;
  /** Shows why a correction cannot be saved. */
  showError(text: string): void;
  /** Disables the buttons while a correction is sent. */
  setBusy(isBusy: boolean): void;
}

const HELP =
  'Drag a box to move it, a corner to resize it, or an empty area to draw a new box. ' +
  'Keys: arrows move, Shift + arrows resize, with Ctrl by one pixel, Enter renames, ' +
  'Delete removes.';

/** Buttons and class field of the box editor. */
export function boxTools(options: BoxToolsOptions): BoxTools {
  const { classes, onNew, onRemove, onClass, onSave, onCancel } = options;
  const button = (text: string, kind: string, onclick: (event: Event) => void) =>
    element('button', { class: `btn ${kind}`, type: 'button', onclick }, text);
  const list = element(
    'datalist',
    { id: 'box-classes' },
    ...classes.map((name) => element('option', { value: name })),
  );
  const name = element('input', {
    ...{ class: 'form-control', id: 'box-class', list: 'box-classes', maxlength: 200 },
    ...{ autocomplete: 'off', placeholder: 'person, car …' },
  });
  const draw = button('New box', 'btn-outline-secondary', (event) =>
    onNew(event instanceof MouseEvent && event.detail === 0),
  );
  const remove = button('Remove', 'btn-outline-secondary', onRemove);
  const save = button('Save boxes', 'btn-primary', onSave);
  const cancel = button('Cancel', 'btn-outline-secondary', onCancel);
  const label = element('label', { class: 'box-class-label', for: 'box-class' }, 'Class');
  const error = element('p', { class: 'box-error', role: 'alert' });
  name.addEventListener('input', () => onClass(name.value.trim()));
  name.addEventListener('focus', () => name.select()); // else the list offers only matches
  const root = element(
    'div',
    { class: 'box-tools', role: 'group', 'aria-label': 'Box correction' },
    element('div', { class: 'button-row' }, draw, remove),
    element('div', { class: 'box-class' }, label, name, list),
    error,
    element('p', { class: 'box-help' }, HELP),
    element('div', { class: 'button-row' }, save, cancel),
  );
  return {
    root,
    className: () => name.value.trim(),
    update: (selected, isDrawing) => {
      draw.setAttribute('aria-pressed', String(isDrawing));
      draw.classList.toggle('active', isDrawing);
      remove.disabled = selected === undefined;
      fill(label, selected ? 'Class of the selected box' : 'Class of a new box');
      if (selected && document.activeElement !== name) name.value = selected.class;
    },
    focusClass: () => name.focus(),
    focusNew: () => draw.focus(),
    showError: (text) => fill(error, text),
    setBusy: (isBusy) => {
      for (const each of [draw, save, cancel]) each.disabled = isBusy;
    },
  };
}
