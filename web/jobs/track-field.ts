import { element, fill } from '../dom.js';
import { field } from '../parts/fields.js';

interface TrackField {
  readonly root: HTMLElement;
  /** Offers the tracks of videos that have this number of them; hides the field below two. */
  readonly offer: (tracks: number) => void;
  /** Number of the chosen track, from 0; undefined for the default one. */
  readonly read: () => number | undefined;
}

/** Choice of the video track to process, for videos with several. */
export function trackField(): TrackField {
  const select = element('select', { class: 'form-select' });
  const root = field('Video track', select);
  const offer = (tracks: number) => {
    const chosen = select.value;
    const numbers = Array.from({ length: tracks }, (_, track) => String(track));
    const options = numbers.map((number) => element('option', { value: number }, number));
    fill(select, element('option', { value: '' }, 'default of the file'), ...options);
    select.value = numbers.includes(chosen) ? chosen : '';
    root.hidden = tracks < 2;
  };
  offer(0);
  const read = () => (root.hidden || select.value === '' ? undefined : Number(select.value));
  return { root, offer, read };
}
