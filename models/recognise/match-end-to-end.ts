import type { OnnxFacts } from '../onnx/onnx-file.js';
import { anchorCountOf } from '../decode/grid.js';
import { ULTRALYTICS, ULTRALYTICS_DETR } from './preprocessing-presets.js';
import { inWords } from './output-head.js';
import type { Clues, Match } from './match.js';

/** Two corners, confidence, class; the coefficients of masks follow. */
const VALUES = 6;
const STRIDES = [8, 16, 32];

/**
 * One list of finished boxes: rows of few values that are not the anchors of a grid. Metadata that
 * denies `end2end` tells only that the network was given its suppression, or its ranking, afterwards.
 */
export function matchEndToEnd({ facts, size, head }: Clues): Match[] {
  const { rows: output, masks } = head ?? {};
  const values = VALUES + (masks?.coefficients ?? 0);
  if (output?.dims[2] !== values) return [];
  if (isRankedDetr(facts)) return [rankedDetr(output.name)];
  const says = saysEndToEnd(facts);
  const rows = output.dims[1]!;
  const saysNot = /^false$/i.test(facts.metadata.end2end ?? '');
  const isList = typeof rows === 'string' ? !saysNot : rows < anchorCountOf(size, STRIDES) / 2;
  if (!says && !isList) return [];
  return [
    {
      output: {
        family: 'end-to-end',
        tensor: output.name,
        coordinates: 'pixels',
        ...(masks && { masks }),
      },
      because: says
        ? 'its metadata says end2end'
        : `a list of ${rows} rows of ${values} values: two corners, confidence, class${inWords(masks)}`,
      convention: ULTRALYTICS,
    },
  ];
}

/** RT-DETR as Ultralytics exports it since its decoder ranks the queries itself (8.4). */
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

/** Whether the exporter wrote that the network gives finished boxes. */
export function saysEndToEnd({ metadata }: OnnxFacts): boolean {
  return /^true$/i.test(metadata.end2end ?? '');
}
