import { element, fill } from '../dom.js';
import { formatCount } from '../format.js';
import { type ClassFilter, isClassShown } from './filter.js';

interface ClassChips {
  readonly root: HTMLElement;
  /** @param totals detections of each class, in the order of the chips */
  readonly update: (totals: ReadonlyMap<string, number>, filter: ClassFilter) => void;
}

interface ClassChipsOptions {
  readonly colourOf: (className: string) => string;
  readonly onClasses: (classes: ClassFilter) => void;
}

/** Maximum number of chips: a model may have thousands of classes. */
export const MAX_CLASSES = 16;

/** Chip of each class, which shows or hides the class, or shows it only. */
export function classChips({ colourOf, onClasses }: ClassChipsOptions): ClassChips {
  const chips = new Map<string, Chip>();
  const root = element('div', { class: 'class-chips', role: 'group', 'aria-label': 'Classes' });
  const uncheckedOf = () =>
    new Set([...chips].filter(([, chip]) => !chip.isChecked()).map(([name]) => name));
  const add = (name: string) => {
    const chip = classChip({
      ...{ name, colour: colourOf(name) },
      onToggle: () => onClasses({ hiddenClasses: uncheckedOf(), onlyClass: undefined }),
      onOnly: (isOnly) =>
        onClasses({ hiddenClasses: new Set(), onlyClass: isOnly ? name : undefined }),
    });
    chips.set(name, chip);
    root.append(chip.root);
  };
  const update = (totals: ReadonlyMap<string, number>, filter: ClassFilter) => {
    for (const name of totals.keys()) {
      if (!chips.has(name) && chips.size < MAX_CLASSES) add(name);
    }
    for (const [name, chip] of chips) chip.update(totals.get(name) ?? 0, filter);
  };
  return { root, update };
}

interface ChipOptions {
  readonly name: string;
  readonly colour: string;
  /** Called when the user shows or hides the class. */
  readonly onToggle: () => void;
  /** Called when the user asks for this class only, or for all classes again. */
  readonly onOnly: (isOnly: boolean) => void;
}

interface Chip {
  readonly root: HTMLElement;
  readonly isChecked: () => boolean;
  readonly update: (total: number, filter: ClassFilter) => void;
}

function classChip({ name, colour, onToggle, onOnly }: ChipOptions): Chip {
  const box = element('input', { type: 'checkbox', class: 'form-check-input', checked: true });
  box.addEventListener('change', onToggle);
  box.style.setProperty('--class-colour', colour);
  const only = element('button', { class: 'chip-only', type: 'button' });
  only.addEventListener('click', () => onOnly(only.getAttribute('aria-pressed') !== 'true'));
  const total = element('span', { class: 'chip-total' });
  const title = element('span', { class: 'chip-name', title: name }, name);
  const root = element(
    'div',
    { class: 'class-chip' },
    element('label', {}, box, title),
    ...[total, only],
  );
  const update = (count: number, filter: ClassFilter) => {
    const isOnly = filter.onlyClass === name;
    box.checked = isClassShown(name, filter);
    root.classList.toggle('is-hidden', !box.checked);
    only.setAttribute('aria-pressed', String(isOnly));
    only.setAttribute('aria-label', isOnly ? 'Show all classes' : `Show only ${name}`);
    fill(only, isOnly ? 'all' : 'only');
    fill(total, formatCount(count));
  };
  return { root, isChecked: () => box.checked, update };
}
