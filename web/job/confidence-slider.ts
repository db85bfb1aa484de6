import { element, fill } from '../dom.js';
import { formatPercent } from '../format.js';

interface SliderLabel {
  readonly label?: string;
  /** Id of the slider, if the page has several. */
  readonly id?: string;
  /** Smallest value, 0 to 1. */
  readonly min?: number;
}

/**
 * Slider for the minimum confidence of shown detections.
 * @param initial 0 to 1
 * @param onChange receives 0 to 1
 */
export function confidenceSlider(
  initial: number,
  onChange: (minConfidence: number) => void,
  { label = 'Minimum confidence', id = 'confidence', min = 0 }: SliderLabel = {},
): HTMLElement {
  const slider = element('input', {
    ...{ type: 'range', class: 'form-range', min, max: 1, step: 0.01, value: initial },
    id,
  });
  const value = element('output', { for: id }, formatPercent(initial));
  slider.addEventListener('input', () => {
    fill(value, formatPercent(slider.valueAsNumber));
    onChange(slider.valueAsNumber);
  });
  return element(
    'div',
    { class: 'confidence' },
    element('label', { for: id }, label),
    value,
    slider,
  );
}
