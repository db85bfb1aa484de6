import { element } from '../dom.js';

/** Fields of a job's input; the API supplies defaults for missing fields. */
export type JobOptions = Readonly<Record<string, unknown>>;

interface OptionsForm {
  readonly root: HTMLElement;
  read(): JobOptions;
}

const FRAMES = [
  ['objects', 'one image per frame'],
  ['packed', 'images packed by range'],
  ['none', 'none'],
] as const;

const splitNames = (text: string) =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** Collapsible form of job options, prefilled with the API's defaults. */
export function jobOptions(): OptionsForm {
  const every = numberInput({ value: 5, min: 1, max: 1_000_000, step: 1 });
  const conf = numberInput({ value: 0.25, min: 0, max: 1, step: 0.05 });
  const classes = element('input', { class: 'form-control', placeholder: 'all, or: person, car' });
  const model = element('input', { class: 'form-control', placeholder: 'default' });
  const frames = element(
    'select',
    { class: 'form-select' },
    ...FRAMES.map(([value, text]) => element('option', { value }, text)),
  );
  const root = element(
    'details',
    { class: 'options' },
    element('summary', {}, 'Options'),
    element(
      'div',
      { class: 'options-grid' },
      field('Every nth frame', every),
      field('Minimum confidence', conf),
      field('Classes', classes),
      field('Model', model),
      field('Stored frame images', frames),
    ),
  );
  const read = () => ({
    every: every.valueAsNumber,
    conf: conf.valueAsNumber,
    frames: frames.value,
    ...(splitNames(classes.value).length > 0 && { classes: splitNames(classes.value) }),
    ...(model.value.trim() !== '' && { model: model.value.trim() }),
  });
  return { root, read };
}

function field(label: string, control: HTMLElement): HTMLElement {
  return element('label', { class: 'form-label' }, element('span', {}, label), control);
}

function numberInput(limits: Readonly<Record<'value' | 'min' | 'max' | 'step', number>>) {
  return element('input', { type: 'number', class: 'form-control', required: true, ...limits });
}
