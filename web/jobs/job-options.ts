import { element } from '../dom.js';

/** Fields of a job's input, as the form gives them; what is not changed is left to the API. */
export type JobOptions = Readonly<Record<string, unknown>>;

export interface OptionsForm {
  readonly root: HTMLElement;
  read(): JobOptions;
}

const FRAMES = [
  ['objects', 'a picture of each'],
  ['packed', 'pictures, packed by range'],
  ['none', 'nothing'],
] as const;

const listOf = (text: string) =>
  text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');

/** How a video is detected: folded away, with the API's defaults filled in. */
export function jobOptions(): OptionsForm {
  const every = numberInput({ value: 5, min: 1, max: 1_000_000, step: 1 });
  const conf = numberInput({ value: 0.25, min: 0, max: 1, step: 0.05 });
  const classes = element('input', { class: 'form-control', placeholder: 'all, or: person, car' });
  const model = element('input', { class: 'form-control', placeholder: 'the default' });
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
      field('Every n-th frame', every),
      field('Confidence from', conf),
      field('Classes', classes),
      field('Model', model),
      field('Keep of the frames', frames),
    ),
  );
  const read = () => ({
    every: every.valueAsNumber,
    conf: conf.valueAsNumber,
    frames: frames.value,
    ...(listOf(classes.value).length > 0 && { classes: listOf(classes.value) }),
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
