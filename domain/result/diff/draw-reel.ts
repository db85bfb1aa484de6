import { vttTime } from '../../export/vtt.js';
import type { CaptionText, DrawnBox, Drawing } from '../../ports/video-renderer.js';
import { labelOf } from '../../video/draw-objects.js';
import type { StoredObject } from '../detection.js';
import { describeDiff } from './describe-diff.js';
import { type DiffFrame, isDifferent } from './diff-frames.js';
import type { DiffLine, DiffSide } from './diff-results.js';
import { SIDE_COLOUR } from './side-colours.js';

/** Lines of text below each frame: one for each side, and two for what differs. */
export const REEL_CAPTION_LINES = 4;

const TEXT_COLOUR = '#ffffff';

type Sides = Readonly<Record<'a' | 'b', DiffSide>>;

/**
 * Draws each frame that differs until the next one that does: what differs with labels, A above and B
 * below its boxes, and the objects that are the same with thin lines. The caption names both sides,
 * the time and frame, and what differs.
 */
export async function* drawReel(
  lines: AsyncIterable<DiffLine>,
  sides: Sides,
): AsyncGenerator<Drawing> {
  let open: Omit<Drawing, 'toMs'> | undefined;
  for await (const line of lines) {
    if (line.type !== 'frame' || !isDifferent(line)) continue;
    if (open) yield { ...open, toMs: line.timestamp_ms };
    open = { fromMs: line.timestamp_ms, boxes: boxesOf(line), caption: captionOf(line, sides) };
  }
  if (open) yield { ...open, toMs: Infinity };
}

function boxesOf({ same, changed, vanished, appeared }: DiffFrame): DrawnBox[] {
  const thin = ({ box }: StoredObject, colour: string): DrawnBox => ({ box, colour, edge: 0.25 });
  const ofA = (object: StoredObject): DrawnBox => {
    return { box: object.box, colour: SIDE_COLOUR.a, label: `A ${labelOf(object)}` };
  };
  const ofB = (object: StoredObject): DrawnBox => {
    const label = `B ${labelOf(object)}`;
    return { box: object.box, colour: SIDE_COLOUR.b, label, isLabelBelow: true };
  };
  return [
    ...same.map(({ b }) => thin(b, SIDE_COLOUR.b)),
    ...same.map(({ a }) => thin(a, SIDE_COLOUR.a)),
    ...[...changed.map(({ b }) => b), ...appeared].map(ofB),
    // Boxes at one place may be equal: half of the edge of B remains visible around that of A.
    ...changed.map(({ a }) => ({ ...ofA(a), edge: 0.5 }) as const),
    ...vanished.map(ofA),
  ];
}

function captionOf(row: DiffFrame, { a, b }: Sides): CaptionText[] {
  const time = vttTime(Math.max(0, Math.round(row.timestamp_ms)));
  return [
    { text: `A ${describeSide(a)}`, colour: SIDE_COLOUR.a, lines: 1 },
    { text: `B ${describeSide(b)}`, colour: SIDE_COLOUR.b, lines: 1 },
    {
      text: `${time} frame ${row.frame}: ${describeDiff(row)}`,
      ...{ colour: TEXT_COLOUR, lines: REEL_CAPTION_LINES - 2 },
    },
  ];
}

/** @example 'yolox_nano@1, confidence from 0.25, job street-1' */
function describeSide({ event_id, model, conf }: DiffSide): string {
  return `${model.name}@${model.version}, confidence from ${conf}, job ${event_id}`;
}
