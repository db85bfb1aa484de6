import type { StoredObject } from '../../api/types.js';
import { textColourOn } from '../../domain/result/class-colours.js';
import { formatPercent } from '../format.js';

interface DrawOptions {
  /** Pixels of the canvas per pixel of the frame, across and down. */
  readonly scale: readonly [x: number, y: number];
  /** Pixels of the canvas per CSS pixel. */
  readonly density: number;
  readonly colourOf: (className: string) => string;
  /** Whether to draw labels; default true. */
  readonly labels?: boolean;
}

const LINE = 2.5;
const FONT = 13;
const PADDING = 5;

/** Draws boxes with classes and confidences. */
export function drawBoxes(
  context: CanvasRenderingContext2D,
  objects: readonly StoredObject[],
  { scale, density, colourOf, labels = true }: DrawOptions,
): void {
  context.lineWidth = LINE * density;
  context.lineJoin = 'round';
  context.font = `600 ${FONT * density}px system-ui, sans-serif`;
  context.textBaseline = 'middle';
  for (const object of objects) {
    const [xMin, yMin, xMax, yMax] = object.box;
    const left = xMin * scale[0];
    const top = yMin * scale[1];
    const colour = colourOf(object.class);
    context.strokeStyle = colour;
    context.strokeRect(left, top, (xMax - xMin) * scale[0], (yMax - yMin) * scale[1]);
    if (labels) drawLabel(context, object, { left, top, density, colour });
  }
}

interface LabelPlace {
  readonly left: number;
  readonly top: number;
  /** Pixels of the canvas per CSS pixel. */
  readonly density: number;
  readonly colour: string;
}

function drawLabel(
  context: CanvasRenderingContext2D,
  object: StoredObject,
  { left, top, density, colour }: LabelPlace,
): void {
  const text = `${object.class} ${formatPercent(object.conf)}`;
  const height = (FONT + PADDING * 1.4) * density;
  const width = context.measureText(text).width + 2 * PADDING * density;
  const edge = (LINE / 2) * density;
  // Without room above, the label moves into the box; at the right edge it moves left.
  const y = top >= height ? top - height : top;
  const x = Math.max(0, Math.min(left - edge, context.canvas.width - width));
  context.fillStyle = colour;
  context.fillRect(x, y, width, height);
  context.fillStyle = textColourOn(colour);
  context.fillText(text, x + PADDING * density, y + height / 2);
}
