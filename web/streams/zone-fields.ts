import type { Stream } from '../../api/types.js';
import { element } from '../dom.js';
import { field } from '../parts/fields.js';

interface ZoneFields {
  readonly root: HTMLElement;
  /** Returns `tracking` of a new scenario, and `zones`. */
  readonly read: () => Readonly<Record<string, unknown>>;
}

type Initial = Partial<Pick<NonNullable<Stream['parameters']>, 'tracking' | 'zones'>>;

const EXAMPLE =
  '[{"name": "door", "kind": "line", "points": [[0.2, 0.5], [0.8, 0.5]], "classes": ["person"]}]';

/**
 * Whether objects are followed, and the zones and lines in which their passages are events.
 * @param isRunning whether the scenario runs: then it cannot begin to follow objects
 */
export function zoneFields({ tracking, zones }: Initial, isRunning: boolean): ZoneFields {
  const isTracked = element('input', {
    ...{ type: 'checkbox', class: 'form-check-input', checked: tracking === true },
    disabled: isRunning,
  });
  const text = element(
    'textarea',
    { class: 'form-control', rows: 4, spellcheck: 'false', placeholder: EXAMPLE },
    zones ? JSON.stringify(zones) : '',
  );
  const check = () => {
    const isValid = text.value.trim() === '' || parseList(text.value) !== undefined;
    text.setCustomValidity(isValid ? '' : `Enter a list in JSON, such as ${EXAMPLE}`);
  };
  text.addEventListener('input', check);
  const list = field('Zones and lines as JSON, with points in shares of the frame', text);
  const show = () => (list.hidden = text.disabled = !isTracked.checked);
  isTracked.addEventListener('change', show);
  show();
  const hint = element(
    'p',
    { class: 'text-body-secondary' },
    'A camera that runs cannot begin or stop to follow objects: add it again.',
  );
  const label = element('label', { class: 'form-check' }, isTracked, 'Follow objects');
  return {
    root: element('div', {}, label, ...(isRunning && !tracking ? [hint] : []), list),
    read: () => {
      const found = isTracked.checked ? parseList(text.value) : undefined;
      return {
        ...(!isRunning && isTracked.checked && { tracking: true }),
        ...(found && found.length > 0 && { zones: found }),
      };
    },
  };
}

/** Returns the list of a JSON text; undefined for another text. */
function parseList(text: string): readonly unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
