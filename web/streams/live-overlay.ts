import type { StreamRow } from '../../api/types.js';
import type { Size } from '../../domain/result/detection.js';
import { element } from '../dom.js';
import { drawBoxes } from '../job/draw-boxes.js';

interface LiveOverlay {
  readonly canvas: HTMLCanvasElement;
  /** Draws the objects of a row, or nothing. @param size pixels of the frame to which boxes refer */
  readonly draw: (row: StreamRow | undefined, size: Size) => void;
}

/** Canvas over a live view with the boxes of a row. */
export function liveOverlay(colourOf: (className: string) => string): LiveOverlay {
  const canvas = element('canvas', { class: 'live-boxes', 'aria-hidden': 'true' });
  const draw = (row: StreamRow | undefined, { width, height }: Size) => {
    const context = canvas.getContext('2d');
    if (!context) return;
    const density = devicePixelRatio;
    canvas.width = Math.round(canvas.clientWidth * density);
    canvas.height = Math.round(canvas.clientHeight * density);
    canvas.dataset['frame'] = String(row?.frame_number ?? '');
    const scale = [canvas.width / width, canvas.height / height] as const;
    const objects = (row?.detections ?? []).map(({ class: name, confidence, bbox }) => ({
      ...{ class: name, conf: confidence, box: bbox },
    }));
    drawBoxes(context, objects, { scale, density, colourOf });
  };
  return { canvas, draw };
}
