import { element, fill } from '../dom.js';
import type { EditedObject } from './box-edits.js';

export interface BoxToolsOptions {
  readonly classes: readonly string[];
  /** By pointer the next drag draws; by keyboard a box comes at once. */
  readonly onNew: (byKeyboard: boolean) => void;
  readonly onRemove: () => void;
  readonly onClass: (name: string) => void;
  readonly onKeep: () => void;
  readonly onCancel: () => void;
}

export interface BoxTools {
  readonly root: HTMLElement;
  readonly className: () => string;
  /** Shows what is chosen; `isDrawing` while the next drag draws. */
  update(chosen: EditedObject | undefined, isDrawing: boolean): void;
  /** Goes to the class, which is to be said next. */
  askClass: () => void;
  focusNew(): void;
  /** Tells why something cannot be kept. */
  complain(text: string): void;
  /** Switches the tools off while a correction is sent. */
  wait(isWaiting: boolean): void;
}

const HELP =
  'Drag a box to move it, its corners to resize it, and an empty place to draw a new one. ' +
  'Keys: arrows move, Shift + arrows resize, with Ctrl by a pixel, Enter names, Delete removes.';

/** What can be done with the boxes of a picture, beside dragging them. */
export function boxTools(options: BoxToolsOptions): BoxTools {
  const { classes, onNew, onRemove, onClass, onKeep, onCancel } = options;
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
  const keep = button('Keep the correction', 'btn-primary', onKeep);
  const cancel = button('Cancel', 'btn-outline-secondary', onCancel);
  const label = element('label', { class: 'box-class-label', for: 'box-class' }, 'Class');
  const trouble = element('p', { class: 'box-trouble', role: 'alert' });
  name.addEventListener('input', () => onClass(name.value.trim()));
  name.addEventListener('focus', () => name.select()); // else the list offers what fits the text only
  const root = element(
    'div',
    { class: 'box-tools', role: 'group', 'aria-label': 'Correction of the boxes' },
    element('div', { class: 'button-row' }, draw, remove),
    element('div', { class: 'box-class' }, label, name, list),
    trouble,
    element('p', { class: 'box-help' }, HELP),
    element('div', { class: 'button-row' }, keep, cancel),
  );
  return {
    root,
    className: () => name.value.trim(),
    update: (chosen, isDrawing) => {
      draw.setAttribute('aria-pressed', String(isDrawing));
      draw.classList.toggle('active', isDrawing);
      remove.disabled = chosen === undefined;
      fill(label, chosen ? 'Class of the chosen box' : 'Class of a new box');
      if (chosen && document.activeElement !== name) name.value = chosen.class;
    },
    askClass: () => name.focus(),
    focusNew: () => draw.focus(),
    complain: (text) => fill(trouble, text),
    wait: (isWaiting) => {
      for (const each of [draw, keep, cancel]) each.disabled = isWaiting;
    },
  };
}
