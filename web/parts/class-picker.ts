import { element, fill } from '../dom.js';
import { describeNames, formatCount } from '../format.js';

export interface ClassPicker {
  readonly root: HTMLElement;
  /** Offers the classes of a model; those that were selected and that it has remain selected. */
  readonly offer: (classes: readonly string[]) => void;
  /** Selected classes in the order of the model; empty for all. */
  readonly selected: () => readonly string[];
}

/** Searchable list of classes with checkboxes; no selection means all classes. */
export function classPicker(initial: readonly string[]): ClassPicker {
  let wanted = new Set(initial);
  let boxes: readonly ClassBox[] = [];
  const summary = element('summary', { class: 'form-select' });
  const search = element('input', {
    ...{ type: 'search', class: 'form-control', placeholder: 'Search classes' },
    'aria-label': 'Search classes',
  });
  const list = element('div', { class: 'class-boxes' });
  const selected = () => boxes.filter(({ box }) => box.checked).map(({ name }) => name);
  const show = () => {
    const names = selected();
    fill(summary, names.length > 0 ? describeNames(names) : `all ${formatCount(boxes.length)}`);
  };
  const offer = (classes: readonly string[]) => {
    if (boxes.length > 0) wanted = new Set(selected());
    boxes = classes.map((name) => classBox(name, wanted.has(name)));
    fill(list, ...boxes.map(({ root }) => root));
    show();
  };
  search.addEventListener('input', () => {
    const text = search.value.trim().toLowerCase();
    for (const { root, name } of boxes) root.hidden = !name.toLowerCase().includes(text);
  });
  list.addEventListener('change', show);
  const choices = element('div', { class: 'class-choices' }, search, list);
  const details = element('details', { class: 'class-picker' }, summary, choices);
  closeOutside(details);
  const label = element('span', { class: 'form-label-text' }, 'Classes');
  return { root: element('div', { class: 'form-label' }, label, details), offer, selected };
}

/** Closes an open list at a click outside of it and at Escape, as a select field does. */
function closeOutside(details: HTMLDetailsElement): void {
  const close = ({ target }: Event) => {
    if (!(target instanceof Node && details.contains(target))) details.open = false;
  };
  details.addEventListener('toggle', () => {
    if (details.open) addEventListener('pointerdown', close);
    else removeEventListener('pointerdown', close);
  });
  details.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || !details.open) return;
    event.preventDefault(); // the dialog around the list stays open
    details.open = false;
    details.querySelector('summary')?.focus();
  });
}

interface ClassBox {
  readonly root: HTMLElement;
  readonly box: HTMLInputElement;
  readonly name: string;
}

function classBox(name: string, checked: boolean): ClassBox {
  const box = element('input', { type: 'checkbox', class: 'form-check-input', checked });
  return { root: element('label', {}, box, ` ${name}`), box, name };
}
