import type { Stream } from '../../api/types.js';
import { element } from '../dom.js';
import { classPicker } from '../parts/class-picker.js';
import { field, numberInput, selectInput } from '../parts/fields.js';

export interface RuleFields {
  readonly root: HTMLElement;
  readonly offer: (classes: readonly string[]) => void;
  readonly read: () => Readonly<Record<string, unknown>>;
}

/** Rule as the API returns it. */
export type Rule = NonNullable<Stream['parameters']>['notify'][number];

interface RuleOptions {
  readonly number: number;
  /** Classes of the model. */
  readonly classes: readonly string[];
  readonly initial: Rule | undefined;
}

const DIRECTIONS = [
  ['', 'both ways'],
  ['in', 'in, to its right'],
  ['out', 'out, to its left'],
] as const;

/** Fields of a rule that makes events. @param onRemove called when the user removes the rule */
export function ruleFields(
  { number, classes, initial }: RuleOptions,
  onRemove: () => void,
): RuleFields {
  const picker = classPicker(initial?.classes ?? []);
  picker.offer(classes);
  const conf = numberInput({ value: initial?.conf ?? 0.5, min: 0, max: 1, step: 'any' });
  const frames = numberInput({ value: initial?.frames ?? 2, min: 1, max: 10_000, step: 1 });
  const quiet = numberInput({ value: initial?.quiet_s ?? 30, min: 1, max: 86_400, step: 'any' });
  const zone = element('input', {
    ...{ type: 'text', class: 'form-control', value: initial?.zone, maxlength: 128 },
    pattern: '[A-Za-z0-9_\\-]*',
  });
  const direction = selectInput(DIRECTIONS, initial?.direction);
  const from = input('time', initial?.hours?.from);
  const to = input('time', initial?.hours?.to);
  const url = input('url', initial?.url);
  url.placeholder = 'https://…';
  const remove = element(
    'button',
    { class: 'btn btn-sm btn-outline-secondary', type: 'button', onclick: onRemove },
    'Remove',
  );
  remove.setAttribute('aria-label', `Remove rule ${number}`);
  const check = () => {
    const isHalf = (from.value === '') !== (to.value === '');
    to.setCustomValidity(isHalf ? 'Enter both times, or none for the whole day.' : '');
  };
  const root = element(
    'fieldset',
    { class: 'rule' },
    element('legend', {}, `Rule ${number}`, remove),
    element(
      'div',
      { class: 'options-grid' },
      picker.root,
      field('Minimum confidence, 0 to 1', conf),
      element(
        'div',
        { class: 'options-pair' },
        field('Zone or line, optional', zone),
        field('Crossed', direction),
      ),
      field('Frames in a row', frames),
      field('Ends after seconds without', quiet),
      element('div', { class: 'options-pair' }, field('From, UTC', from), field('To, UTC', to)),
      field('Webhook, optional', url),
    ),
  );
  root.addEventListener('input', check);
  const read = () => {
    const selected = picker.selected();
    return {
      ...(selected.length > 0 && { classes: selected }),
      ...{ conf: conf.valueAsNumber, frames: frames.valueAsNumber, quiet_s: quiet.valueAsNumber },
      ...(zone.value !== '' && { zone: zone.value }),
      ...(direction.value !== '' && { direction: direction.value }),
      ...(from.value !== '' && { hours: { from: from.value, to: to.value } }),
      ...(url.value !== '' && { url: url.value }),
    };
  };
  return { root, offer: picker.offer, read };
}

function input(type: 'time' | 'url', value: string | null | undefined): HTMLInputElement {
  return element('input', { type, class: 'form-control', value });
}
