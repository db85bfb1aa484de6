import type { DiffRow } from '../../domain/result/diff/diff-frames.js';
import { SIDE_COLOUR } from '../../domain/result/diff/side-colours.js';
import { type DrawEntry, drawBoxes } from '../job/draw-boxes.js';

const DASHES = [7, 4];
/** Width of the lines of objects that are in both results, in CSS pixels. */
const THIN_LINE = 1;

/**
 * Draws the boxes of both sides: A dashed with labels above, B solid with labels below. Objects that
 * are the same have thin lines without labels.
 */
export function drawDiff(
  context: CanvasRenderingContext2D,
  row: DiffRow,
  { showsSame, ...place }: Parameters<DrawEntry>[2] & { readonly showsSame: boolean },
): void {
  if (row.type === 'skipped') return;
  const a = { ...place, colourOf: () => SIDE_COLOUR.a, dashes: DASHES, prefix: 'A ' };
  const b = { ...place, colourOf: () => SIDE_COLOUR.b, prefix: 'B ', labelsBelow: true };
  const thin = { line: THIN_LINE, labels: false };
  const same = showsSame ? row.same : [];
  drawBoxes(
    context,
    same.map((pair) => pair.b),
    { ...b, ...thin },
  );
  drawBoxes(
    context,
    same.map((pair) => pair.a),
    { ...a, ...thin },
  );
  drawBoxes(context, [...row.changed.map((pair) => pair.b), ...row.appeared], b);
  drawBoxes(context, [...row.changed.map((pair) => pair.a), ...row.vanished], a);
}
