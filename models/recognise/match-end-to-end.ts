import { anchorCountOf } from '../grid.js';
import { ULTRALYTICS } from './conventions.js';
import type { Clues, Match } from './output.js';

/** Two corners, confidence, class. */
const VALUES = 6;
const STRIDES = [8, 16, 32];

/** One list of finished boxes: rows of six values that are not the anchors of a grid. */
export function matchEndToEnd({ facts, size }: Clues): Match[] {
  const [output, ...others] = facts.outputs;
  if (!output || others.length > 0 || output.dims.length !== 3 || output.dims[2] !== VALUES)
    return [];
  const says = /^true$/i.test(facts.metadata.end2end ?? '');
  const rows = output.dims[1]!;
  const fewerThanAnchors = typeof rows === 'string' || rows < anchorCountOf(size, STRIDES) / 2;
  if (!says && !fewerThanAnchors) return [];
  return [
    {
      output: { family: 'end-to-end', tensor: output.name, coordinates: 'pixels' },
      because: says
        ? 'its metadata says end2end'
        : `a list of ${rows} rows of 6 values: two corners, confidence, class`,
      convention: ULTRALYTICS,
    },
  ];
}
