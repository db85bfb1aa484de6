import type { ResultOverview } from '../../api/types.js';
import { element } from '../dom.js';
import { formatCount } from '../format.js';
import { type Fact, factGrid } from '../parts/fact-grid.js';

/** Key figures and warnings of a result. */
export function facts({
  frames,
  skipped,
  objects,
  inferred,
  device,
  warnings,
}: ResultOverview): HTMLElement {
  const used = Object.keys(device.used).join(', ');
  const values: readonly Fact[] = [
    ['Frames', formatCount(frames)],
    ...(inferred === undefined ? [] : [['Inferred', formatCount(inferred)] as const]),
    ['Skipped', formatCount(skipped)],
    ['Detections', formatCount(objects)],
    ['Device', used === '' ? device.asked : used],
  ];
  return element(
    'div',
    {},
    factGrid(values),
    ...warnings.map((text) => element('p', { class: 'alert alert-warning' }, text)),
  );
}
