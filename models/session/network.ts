import { AppError } from '../../domain/errors.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';

/** The part of a manifest that tells how to feed a network, how to read its output, and its files. */
export type Network = Pick<ModelManifest, 'name' | 'input' | 'output' | 'labels' | 'files'>;

/** The shape of the input: 3 channels before or after rows and columns, in a batch of 1 but for `chw`. */
export function inputDimsOf({
  input: { layout, width, height },
}: {
  readonly input: Pick<Network['input'], 'layout' | 'width' | 'height'>;
}): readonly number[] {
  if (layout === 'chw') return [3, height, width];
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
