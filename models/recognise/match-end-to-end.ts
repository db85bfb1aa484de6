import type { OnnxFacts } from '../onnx/onnx-file.js';
import { anchorCountOf } from '../decode/grid.js';
import { ULTRALYTICS, ULTRALYTICS_DETR } from './preprocessing-presets.js';
import { describeMasks } from './output-head.js';
import type { Clues, Match } from './match.js';

/** Two corners, confidence, class; mask coefficients follow. */
const VALUES = 6;
const STRIDES = [8, 16, 32];

/**
 * Matches a list of detections after NMS: rows with few values that are not the anchors of a grid.
 * Metadata with `end2end: false` only shows that NMS or top-k was added after the export.
 */
export function matchEndToEnd({ facts, size, head }: Clues): Match[] {
  const { rows: output, masks } = head ?? {};
  const values = VALUES + (masks?.coefficients ?? 0);
  if (output?.dims[2] !== values) return [];
  if (isRankedDetr(facts)) return [rankedDetr(output.name)];
  const isDeclared = declaresEndToEnd(facts);
  const rows = output.dims[1]!;
  const isDenied = /^false$/i.test(facts.metadata.end2end ?? '');
  const isList = typeof rows === 'string' ? !isDenied : rows < anchorCountOf(size, STRIDES) / 2;
  if (!isDeclared && !isList) return [];
  return [
    {
      output: {
        family: 'end-to-end',
        tensor: output.name,
        coordinates: 'pixels',
        ...(masks && { masks }),
      },
      because: isDeclared
        ? 'its metadata contains end2end'
        : `its output is a list of ${rows} rows of ${values} values: two corners, confidence, class${describeMasks(masks)}`,
      convention: ULTRALYTICS,
    },
  ];
}

/** Whether this is an RT-DETR of Ultralytics 8.4 or later, whose decoder ranks the queries. */
export function isRankedDetr({ metadata }: OnnxFacts): boolean {
  return metadata.head === 'RTDETRDecoder';
}

function rankedDetr(tensor: string): Match {
  return {
    output: { family: 'end-to-end', tensor, box: 'cxcywh', coordinates: 'normalised' },
    because: 'its metadata names the head RTDETRDecoder: centre, size, confidence, class',
    convention: ULTRALYTICS_DETR,
  };
}

/** Whether the metadata declares that the outputs need no NMS. */
export function declaresEndToEnd({ metadata }: OnnxFacts): boolean {
  return /^true$/i.test(metadata.end2end ?? '');
}
