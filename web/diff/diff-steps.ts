import { element, icon } from '../dom.js';
import type { FrameEntry, FrameIndex } from '../job/frame-index.js';

interface DiffStepsOptions {
  readonly index: FrameIndex;
  /** Whether a frame is a stop. */
  readonly matches: (entry: FrameEntry) => boolean;
  /** Seconds from the start of what is shown. */
  readonly timeS: () => number;
  readonly onSelect: (entry: FrameEntry) => void;
}

/** Buttons that move to the previous and the next frame that differs. */
export function diffSteps({ index, matches, timeS, onSelect }: DiffStepsOptions): HTMLElement {
  const move = (by: -1 | 1) => () => {
    const all = index.entries();
    const shown = index.at(timeS() * 1000);
    const isAhead = ({ frame }: FrameEntry) =>
      shown === undefined ? by > 0 : (frame - shown.frame) * by > 0;
    const ahead = all.filter((entry) => isAhead(entry) && matches(entry));
    const next = by > 0 ? ahead[0] : ahead.at(-1);
    if (next) onSelect(next);
  };
  const button = (onclick: () => void) =>
    element('button', { class: 'btn btn-sm btn-outline-secondary', onclick });
  const [previous, next] = [button(move(-1)), button(move(1))];
  previous.append(icon('back'), ' Previous difference');
  next.append('Next difference ', icon('forward'));
  return element('div', { class: 'diff-steps' }, previous, next);
}
