import { z } from 'zod';

/** The parts in which a manifest of the first form differs from today's. */
const oldSchema = z.looseObject({
  family: z.enum(['yolox', 'yolov8']),
  input: z.looseObject({
    letterbox: z.strictObject({ anchor: z.enum(['top-left', 'center']), fill: z.number() }),
  }),
});

/** What each family of the first form stood for. */
const OUTPUT = {
  yolox: { family: 'yolox', strides: [8, 16, 32] },
  yolov8: { family: 'yolov8', orientation: 'columns', coordinates: 'pixels' },
} as const;

/** How the first form rounded, by where it put the frame. */
const ROUNDING = { 'top-left': 'truncate', center: 'round' } as const;

/** A manifest of the first form in today's, anything else as it is. */
export function readOldManifest(stored: unknown): unknown {
  const old = oldSchema.safeParse(stored);
  if (!old.success) return stored;
  const { family, input, ...manifest } = old.data;
  const { letterbox, ...rest } = input;
  return {
    ...manifest,
    task: 'detect',
    input: {
      ...rest,
      layout: 'nchw',
      dtype: 'float32',
      mean: [0, 0, 0],
      std: [1, 1, 1],
      resize: { mode: 'letterbox', ...letterbox, rounding: ROUNDING[letterbox.anchor] },
    },
    output: OUTPUT[family],
  };
}
