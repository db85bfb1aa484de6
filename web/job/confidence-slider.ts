import { element, fill } from '../dom.js';
import { formatPercent } from '../format.js';

/**
 * Slider for the minimum confidence of shown detections.
 * @param initial 0 to 1
 * @param onChange receives 0 to 1
 */
export function confidenceSlider(
  initial: number,
  onChange: (minConfidence: number) => void,
): HTMLElement {
  const slider = element('input', {
    ...{ type: 'range', class: 'form-range', min: 0, max: 1, step: 0.01, value: initial },
    id: 'confidence',
  });
  const value = element('output', { for: 'confidence' }, formatPercent(initial));
  slider.addEventListener('input', () => {
    fill(value, formatPercent(slider.valueAsNumber));
    onChange(slider.valueAsNumber);
  });
  const label = element('label', { for: 'confidence' }, 'Minimum confidence');
  return element('div', { class: 'confidence' }, label, value, slider);
}
