import { element, fill } from '../dom.js';
import { formatCount } from '../format.js';
import { type ClassFilter, isClassShown } from './filter.js';
import { createStrip, drawStrip } from './timeline-strip.js';

interface LineOptions {
  readonly name: string;
  readonly colour: string;
  readonly onShare: (share: number) => void;
  /** Called when the user shows or hides the class. */
  readonly onToggle: () => void;
  /** Called when the user asks for this class only, or for all classes again. */
  readonly onOnly: (isOnly: boolean) => void;
}

export interface TimelineLine {
  /** Label and strip. */
  readonly nodes: readonly HTMLElement[];
  readonly isChecked: () => boolean;
  readonly update: (total: number, counts: readonly number[], filter: ClassFilter) => void;
}

/** Line of a class: checkbox, name, "only" button, number of detections, and when it appears. */
export function timelineLine(options: LineOptions): TimelineLine {
  const { name, colour, onShare, onToggle, onOnly } = options;
  const box = element('input', { type: 'checkbox', class: 'form-check-input', checked: true });
  box.style.setProperty('--class-colour', colour);
  box.addEventListener('change', onToggle);
  const only = element('button', { class: 'timeline-only', type: 'button' });
  only.addEventListener('click', () => onOnly(only.getAttribute('aria-pressed') !== 'true'));
  const total = element('span', { class: 'timeline-total' });
  const title = element('span', { class: 'timeline-name', title: name }, name);
  const label = element(
    'div',
    { class: 'timeline-label' },
    element('label', {}, box, title),
    only,
    total,
  );
  const strip = createStrip(onShare);
  const update = (count: number, counts: readonly number[], filter: ClassFilter) => {
    const isOnly = filter.onlyClass === name;
    const isVisible = isClassShown(name, filter);
    box.checked = isVisible;
    only.setAttribute('aria-pressed', String(isOnly));
    only.setAttribute('aria-label', isOnly ? 'Show all classes' : `Show only ${name}`);
    fill(only, isOnly ? 'all' : 'only');
    fill(total, formatCount(count));
    strip.classList.toggle('is-hidden', !isVisible);
    drawStrip(strip, counts, colour);
  };
  return { nodes: [label, strip], isChecked: () => box.checked, update };
}
