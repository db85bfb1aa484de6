import { element, fill } from '../dom.js';
import { percent } from '../format.js';

/** A slider for the confidence from which objects are shown. @param onChange told 0 to 1. */
export function confidenceSlider(onChange: (minConfidence: number) => void): HTMLElement {
  const slider = element('input', {
    ...{ type: 'range', class: 'form-range', min: 0, max: 1, step: 0.01, value: 0 },
    id: 'confidence',
  });
  const value = element('output', { for: 'confidence' }, percent(0));
  slider.addEventListener('input', () => {
    fill(value, percent(slider.valueAsNumber));
    onChange(slider.valueAsNumber);
  });
  const label = element('label', { for: 'confidence' }, 'Confidence from');
  return element('div', { class: 'confidence' }, label, slider, value);
}
