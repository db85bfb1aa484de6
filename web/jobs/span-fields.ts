import type { Parameters } from '../../api/types.js';
import { element } from '../dom.js';
import { field } from '../parts/fields.js';

type Span = Pick<Parameters, 'from_ms' | 'to_ms'>;

interface SpanFields {
  readonly root: HTMLElement;
  readonly read: () => Span;
}

/** Start and end, in seconds, of the span of a video to process; empty for the whole video. */
export function spanFields({ from_ms, to_ms }: Span): SpanFields {
  const from = secondsInput(from_ms, '0');
  const to = secondsInput(to_ms, 'end');
  const check = () => {
    const { from_ms = 0, to_ms = Infinity } = read();
    to.setCustomValidity(to_ms > from_ms ? '' : `Enter more than ${from_ms / 1000}.`);
  };
  const read = () => ({ from_ms: readMs(from), to_ms: readMs(to) });
  const root = element(
    'div',
    { class: 'options-pair' },
    field('From second', from),
    field('To second', to),
  );
  root.addEventListener('input', check);
  return { root, read };
}

function secondsInput(ms: number | undefined, placeholder: string): HTMLInputElement {
  const limits = { type: 'number', min: 0, step: 'any' } as const;
  const value = ms === undefined ? '' : String(ms / 1000);
  return element('input', { ...limits, class: 'form-control', placeholder, value });
}

/** Reads an optional number of seconds as milliseconds, to a thousandth. */
function readMs(input: HTMLInputElement): number | undefined {
  return input.value === '' ? undefined : Math.round(input.valueAsNumber * 1e6) / 1e3;
}
