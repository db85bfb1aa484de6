import type { Stream } from '../../api/types.js';
import type { StreamState } from '../../domain/stream/stream-state.js';
import { element, type IconName } from '../dom.js';
import { stateText, type Tone, toneOfState } from './stream-text.js';

/** Badge that shows the state of a camera by text and colour. */
export function stateBadge({ state }: Pick<Stream, 'state'>): HTMLElement {
  return element('span', { class: `status status-${toneOfState(state)}` }, stateText(state));
}

const ICONS: Readonly<Record<Tone, IconName>> = {
  ...{ seen: 'camera', waiting: 'clock', camera: 'warning', machine: 'warning', off: 'pause' },
};

/** Icon in the place of the image of a camera. */
export const iconOfState = (state: StreamState): IconName => ICONS[toneOfState(state)];
