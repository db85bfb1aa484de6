import type { Stream } from '../../api/types.js';
import { element, fill, icon } from '../dom.js';
import { field, numberInput } from '../parts/fields.js';
import { type Rule, type RuleFields, ruleFields } from './rule-fields.js';

interface RuleList {
  readonly root: HTMLElement;
  /** Offers the classes of the model in each rule. */
  readonly offer: (classes: readonly string[]) => void;
  /** Returns `notify` and `record`. */
  readonly read: () => Readonly<Record<string, unknown>>;
}

/** Maximum number of rules of a scenario. */
const MAX = 20;

type Initial = Partial<Pick<NonNullable<Stream['parameters']>, 'notify' | 'record'>>;

/**
 * Rules that make events, and how clips of the events are recorded.
 * @param first classes of the model
 */
export function ruleList(first: readonly string[], { notify = [], record }: Initial): RuleList {
  let classes = first;
  let rules: readonly RuleFields[] = [];
  const list = element('div', { class: 'rule-list' });
  const add = element('button', { class: 'btn btn-outline-secondary', type: 'button' });
  fill(add, icon('add'), ' Add a rule');
  const hint = element(
    'p',
    { class: 'text-body-secondary' },
    'A rule makes an event of objects that are seen. Without a rule, all results are stored, and no events.',
  );
  const recording = recordFields(notify.length === 0 || Boolean(record), record);
  const show = () => {
    fill(list, ...rules.map(({ root }) => root));
    hint.hidden = rules.length > 0;
    recording.root.hidden = rules.length === 0;
    recording.root.disabled = rules.length === 0; // hidden fields must not block the form
    add.disabled = rules.length >= MAX;
  };
  const addRule = (initial?: Rule) => {
    const rule = ruleFields({ number: rules.length + 1, classes, initial }, () => {
      rules = rules.filter((other) => other !== rule);
      show();
      add.focus();
    });
    rules = [...rules, rule];
    return rule;
  };
  add.addEventListener('click', () => {
    const rule = addRule();
    show();
    rule.root.querySelector<HTMLElement>('summary, input')?.focus();
  });
  for (const rule of notify) addRule(rule);
  show();
  return {
    root: element('div', {}, hint, list, recording.root, add),
    offer: (offered) => {
      classes = offered;
      for (const rule of rules) rule.offer(offered);
    },
    read: () => ({
      notify: rules.map((rule) => rule.read()),
      ...(rules.length > 0 && recording.read()),
    }),
  };
}

function recordFields(checked: boolean, record: Initial['record']) {
  const isOn = element('input', { type: 'checkbox', class: 'form-check-input', checked });
  const before = numberInput({ value: record?.before_s ?? 5, min: 0, max: 60, step: 'any' });
  const after = numberInput({ value: record?.after_s ?? 10, min: 0, max: 600, step: 'any' });
  const days = numberInput({ value: record?.keep_days ?? 7, min: 1, max: 3650, step: 1 });
  const times = element(
    'fieldset',
    { class: 'options-grid' },
    field('Seconds before the event', before),
    field('Seconds after it', after),
    field('Days for which clips are kept', days),
  );
  const showTimes = () => (times.hidden = times.disabled = !isOn.checked);
  isOn.addEventListener('change', showTimes);
  showTimes();
  const label = element('label', { class: 'form-check' }, isOn, 'Record a clip of each event');
  const values = () => ({
    ...{ before_s: before.valueAsNumber, after_s: after.valueAsNumber },
    keep_days: days.valueAsNumber,
  });
  const read = () => (isOn.checked ? { record: values() } : {});
  return { root: element('fieldset', {}, label, times), read };
}
