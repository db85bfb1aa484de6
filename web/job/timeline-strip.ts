import { element } from '../dom.js';

/** Number of spans of equal length in a strip. */
export const SPANS = 240;
const HEIGHT = 24;
const FAINTEST = 0.3;

/** Canvas over the length of the video. @param onShare receives a clicked position, 0 to 1 */
export function createStrip(onShare: (share: number) => void): HTMLCanvasElement {
  const strip = element('canvas', { class: 'timeline-strip', width: SPANS, height: HEIGHT });
  strip.addEventListener('click', ({ clientX }) => {
    const { left, width } = strip.getBoundingClientRect();
    onShare((clientX - left) / width);
  });
  return strip;
}

/** Draws a bar per span that is not zero, stronger for higher counts. */
export function drawStrip(
  strip: HTMLCanvasElement,
  counts: readonly number[],
  colour: string,
): void {
  const context = strip.getContext('2d');
  if (!context) return;
  const most = Math.max(1, ...counts);
  context.clearRect(0, 0, SPANS, HEIGHT);
  context.fillStyle = colour;
  for (const [span, found] of counts.entries()) {
    if (found === 0) continue;
    context.globalAlpha = FAINTEST + (1 - FAINTEST) * (found / most);
    context.fillRect(span, 0, 1, HEIGHT);
  }
  context.globalAlpha = 1;
}
