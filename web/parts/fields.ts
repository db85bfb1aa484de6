import { element } from '../dom.js';

/** Labelled form control. */
export function field(label: string, control: HTMLElement): HTMLElement {
  return element('label', { class: 'form-label' }, element('span', {}, label), control);
}

interface NumberLimits {
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly step: number | 'any';
}

/** Required number field; its form checks the limits. */
export function numberInput(limits: NumberLimits): HTMLInputElement {
  return element('input', { type: 'number', class: 'form-control', required: true, ...limits });
}

/** Select field. @param options values with their texts */
export function selectInput(
  options: readonly (readonly [value: string, text: string])[],
  value?: string,
): HTMLSelectElement {
  const select = element(
    'select',
    { class: 'form-select' },
    ...options.map(([name, text]) => element('option', { value: name }, text)),
  );
  if (options.some(([name]) => name === value)) select.value = value!; // is one of the names
  return select;
}
