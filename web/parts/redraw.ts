import { ENTRY } from './entry-list.js';
import { replaceKeepingFocus } from './keep-focus.js';

/**
 * Returns a function that draws an element from a state, unless the state is the one that is drawn. The
 * focus stays in the same entry.
 */
export function redraw<State>(
  root: HTMLElement,
  draw: (state: State) => readonly HTMLElement[],
): (state: State) => void {
  let drawn: string | undefined;
  return (state) => {
    const text = JSON.stringify(state) ?? '';
    if (text === drawn) return;
    drawn = text;
    replaceKeepingFocus(root, draw(state), ENTRY);
  };
}
