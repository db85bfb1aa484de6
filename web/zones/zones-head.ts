import type { ZoneSet } from '../../api/types.js';
import { element } from '../dom.js';
import { selectInput } from '../parts/fields.js';
import { emptyState } from '../parts/states.js';
import type { Shape } from './zone-shapes.js';

interface HeadOptions {
  readonly onSelect: (name: string) => void;
  readonly onEdit: () => void;
  /** Called when the user asks for zones under another name. */
  readonly onNew: () => void;
}

/** Title of the zones that are shown, with the choice between those of the video. */
export function zonesHead(
  sets: readonly ZoneSet[],
  name: string,
  { onSelect, onEdit, onNew }: HeadOptions,
): HTMLElement {
  const select = selectInput(
    sets.map((set) => [set.name, set.name]),
    name,
  );
  select.classList.add('form-select-sm');
  select.setAttribute('aria-label', 'Named zones');
  select.addEventListener('change', () => onSelect(select.value));
  const attributes = { type: 'button', class: 'btn btn-sm btn-outline-secondary' };
  return element(
    'div',
    { class: 'zones-head' },
    element('h2', { class: 'zones-title' }, 'Zones and lines'),
    select,
    element('button', { ...attributes, onclick: onEdit }, 'Edit zones'),
    element('button', { ...attributes, onclick: onNew }, 'New name …'),
  );
}

/** Invitation to draw the first zone of a video. */
export function noZones(onDraw: (kind: Shape['kind'], byKeyboard: boolean) => void): HTMLElement {
  const button = (kind: Shape['kind'], style: string) =>
    element(
      'button',
      {
        ...{ type: 'button', class: `btn btn-sm ${style}` },
        onclick: (event) => onDraw(kind, event instanceof MouseEvent && event.detail === 0),
      },
      `Draw a ${kind}`,
    );
  return element(
    'div',
    {},
    emptyState(
      'add',
      'No zones or lines yet',
      'Draw them on the video to count what enters, leaves and crosses. They apply to all jobs of this video.',
    ),
    element(
      'div',
      { class: 'button-row zones-start' },
      button('zone', 'btn-primary'),
      button('line', 'btn-outline-secondary'),
    ),
  );
}
