import { AppError } from '../domain/errors.js';
import type { ModelManifest } from '../domain/model-manifest.js';

/** The part of a manifest that tells how to feed a network, how to read its output, and its files. */
export type Network = Pick<ModelManifest, 'name' | 'input' | 'output' | 'labels' | 'files'>;

/** The shape of the input: batch 1 and 3 channels, which stand before or after rows and columns. */
export function inputDimsOf({ input }: Pick<Network, 'input'>): readonly number[] {
  const { layout, width, height } = input;
  return layout === 'nchw' ? [1, 3, height, width] : [1, height, width, 3];
}

/** The error of a network whose output holds NaN or infinity. */
export function notFinite({ name }: Network): AppError {
  return new AppError(
    'MODEL_INVALID',
    `Model ${name} gave a value that is not a finite number: its file or its weights are damaged, bring it in again`,
    { model: name },
  );
}
