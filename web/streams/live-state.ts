import type { Stream } from '../../api/types.js';
import { element, fill, icon } from '../dom.js';
import { iconOfState } from './state-badge.js';
import { describeSince, hasImages, stateText } from './stream-text.js';

interface LiveState {
  readonly root: HTMLElement;
  readonly update: (stream: Stream) => void;
}

/** State of a camera without images, over its live view. */
export function liveState(): LiveState {
  const root = element('div', { class: 'live-state', role: 'status' });
  let shown = '';
  const update = (stream: Stream) => {
    const { state, message, since } = stream;
    const key = hasImages(stream) ? '' : JSON.stringify([state, message, since]);
    if (key === shown) return; // a screen reader announces changes
    shown = key;
    if (key === '') return fill(root);
    const time = describeSince(since, Date.now());
    fill(
      root,
      icon(iconOfState(state)),
      element('p', { class: 'state-title' }, stateText(state)),
      element('p', { class: 'live-message' }, message),
      time !== '' && element('p', { class: 'live-since' }, `for ${time}`),
    );
  };
  return { root, update };
}
