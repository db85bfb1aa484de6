import type { StoredObject } from '../../api/types.js';
import { textColourOn } from '../../domain/result/class-colours.js';
import { formatPercent } from '../format.js';
import type { FrameEntry } from './frame-index.js';

/** Canvas on which boxes are drawn. */
interface DrawPlace {
  /** Pixels of the canvas per pixel of the frame, across and down. */
  readonly scale: readonly [x: number, y: number];
  /** Pixels of the canvas per CSS pixel. */
  readonly density: number;
  /** Whether to draw labels; default true. */
  readonly labels?: boolean;
}

interface DrawOptions extends DrawPlace {
  readonly colourOf: (className: string) => string;
  /** Width of lines in CSS pixels. */
  readonly line?: number;
  /** Lengths of dashes and gaps in CSS pixels; default: a solid line. */
  readonly dashes?: readonly number[];
  /** Text before the class in a label. */
  readonly prefix?: string;
  /** Whether labels are below the boxes; default: above. */
  readonly labelsBelow?: boolean;
}

/** Draws the boxes of a frame. */
export type DrawEntry = (
  context: CanvasRenderingContext2D,
  entry: FrameEntry,
  place: DrawPlace,
) => void;

const LINE = 2.5;
const FONT = 13;
const PADDING = 5;

/** Draws boxes with classes and confidences. */
export function drawBoxes(
  context: CanvasRenderingContext2D,
  objects: readonly StoredObject[],
  options: DrawOptions,
): void {
  const { scale, density, colourOf, labels = true, line = LINE, dashes = [] } = options;
  context.lineWidth = line * density;
  context.lineJoin = 'round';
  context.setLineDash(dashes.map((length) => length * density));
  context.font = `600 ${FONT * density}px system-ui, sans-serif`;
  context.textBaseline = 'middle';
  for (const object of objects) {
    const [xMin, yMin, xMax, yMax] = object.box;
    const [left, right] = [xMin * scale[0], xMax * scale[0]];
    const [top, bottom] = [yMin * scale[1], yMax * scale[1]];
    const colour = colourOf(object.class);
    context.strokeStyle = colour;
    context.strokeRect(left, top, right - left, bottom - top);
    if (labels) drawLabel(context, object, { ...options, left, top, bottom, colour });
  }
}

interface LabelPlace extends Pick<DrawOptions, 'density' | 'prefix' | 'labelsBelow'> {
  readonly left: number;
  readonly top: number;
  readonly bottom: number;
  readonly colour: string;
}

function drawLabel(
  context: CanvasRenderingContext2D,
  object: StoredObject,
  { left, top, bottom, density, colour, prefix = '', labelsBelow = false }: LabelPlace,
): void {
  const text = `${prefix}${object.class} ${formatPercent(object.conf)}`;
  const height = (FONT + PADDING * 1.4) * density;
  const width = context.measureText(text).width + 2 * PADDING * density;
  const edge = (LINE / 2) * density;
  // Without room above or below, the label moves into the box; at the right edge it moves left.
  const above = top >= height ? top - height : top;
  const below = bottom + height <= context.canvas.height ? bottom : bottom - height;
  const y = labelsBelow ? below : above;
  const x = Math.max(0, Math.min(left - edge, context.canvas.width - width));
  context.fillStyle = colour;
  context.fillRect(x, y, width, height);
  context.fillStyle = textColourOn(colour);
  context.fillText(text, x + PADDING * density, y + height / 2);
}
