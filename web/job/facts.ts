import type { ResultOverview } from '../../api/types.js';
import { element } from '../dom.js';
import { count } from '../format.js';

/** What a result sums up to. */
export function facts({
  model,
  frames,
  skipped,
  objects,
  inferred,
  device,
  warnings,
}: ResultOverview): HTMLElement {
  const used = Object.keys(device.used).join(', ');
  const values: readonly (readonly [string, string])[] = [
    ['Frames', count(frames)],
    ...(inferred === undefined ? [] : [['Inferred', count(inferred)] as const]),
    ['Skipped', count(skipped)],
    ['Objects', count(objects)],
    ['Model', `${model.name} ${model.version}`],
    ['Device', used === '' ? device.asked : used],
  ];
  return element(
    'div',
    {},
    element(
      'dl',
      { class: 'facts' },
      ...values.map(([name, value]) =>
        element('div', {}, element('dt', {}, name), element('dd', {}, value)),
      ),
    ),
    ...warnings.map((text) => element('p', { class: 'alert alert-warning' }, text)),
  );
}
