import type { Parameters } from '../../api/types.js';
import { element } from '../dom.js';
import { field, numberInput, selectInput } from '../parts/fields.js';

type Preprocess = Parameters['preprocess'];

interface PreprocessFields {
  readonly root: HTMLElement;
  readonly read: () => Preprocess;
}

const DEFAULTS = { blur: 3, contrast: 1.3, brightness: 5 } as const;
const KINDS = [
  ['default', 'blur and contrast'],
  ['none', 'none'],
  ['custom', 'custom'],
] as const;

/** Choice of the preprocessing of frames; its three values are shown if they are not the defaults. */
export function preprocessFields(initial: Preprocess = DEFAULTS): PreprocessFields {
  const { blur, contrast, brightness } = initial === false ? DEFAULTS : initial;
  const kind = selectInput(KINDS, kindOf(initial));
  const blurs = selectInput(
    [
      ['3', '3 × 3 pixels'],
      ['0', 'none'],
    ],
    String(blur),
  );
  const contrasts = numberInput({ value: contrast, min: 0, max: 10, step: 'any' });
  const brightnesses = numberInput({ value: brightness, min: -255, max: 255, step: 'any' });
  const custom = element(
    'fieldset',
    { class: 'options-custom' },
    field('Blur', blurs),
    field('Contrast', contrasts),
    field('Brightness', brightnesses),
  );
  const show = () => {
    custom.hidden = kind.value !== 'custom';
    custom.disabled = custom.hidden; // hidden fields must not block the form
  };
  kind.addEventListener('change', show);
  show();
  const read = (): Preprocess => {
    if (kind.value === 'none') return false;
    if (kind.value === 'default') return DEFAULTS;
    return {
      blur: blurs.value === '0' ? 0 : 3,
      contrast: contrasts.valueAsNumber,
      brightness: brightnesses.valueAsNumber,
    };
  };
  const root = element('div', { class: 'options-group' }, field('Preprocessing', kind), custom);
  return { root, read };
}

function kindOf(preprocess: Preprocess): (typeof KINDS)[number][0] {
  if (preprocess === false) return 'none';
  const { blur, contrast, brightness } = preprocess;
  const isDefault =
    blur === DEFAULTS.blur && contrast === DEFAULTS.contrast && brightness === DEFAULTS.brightness;
  return isDefault ? 'default' : 'custom';
}
