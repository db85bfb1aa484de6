import { AppError } from '../domain/errors.js';
import type { ModelManifest } from '../domain/model-manifest.js';

/** The part of a manifest that tells how to feed a network and how to read its output. */
export type Network = Pick<ModelManifest, 'name' | 'family' | 'input' | 'labels'>;

/** The shape of the input: batch 1, 3 channels, rows, columns. */
export function inputDimsOf({ input }: Network): readonly number[] {
  return [1, 3, input.height, input.width];
}

/** The error of a network whose output holds NaN or infinity. */
export function notFinite({ name }: Network): AppError {
  return new AppError(
    'MODEL_INVALID',
    `Model ${name} gave a value that is not a finite number: its file or its weights are damaged, bring it in again`,
    { model: name },
  );
}
