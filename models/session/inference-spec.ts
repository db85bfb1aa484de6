import { AppError } from '../../domain/errors.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';

/** The part of a manifest that inference needs: inputs, outputs, labels and data files. */
export type InferenceSpec = Pick<ModelManifest, 'name' | 'input' | 'output' | 'labels' | 'files'>;

/**
 * Returns the input's dimensions: [1, 3, rows, columns] for `nchw`, [1, rows, columns, 3] for `nhwc`,
 * [3, rows, columns] for `chw`.
 */
export function inputDimsOf({
  input: { layout, width, height },
}: {
  readonly input: Pick<InferenceSpec['input'], 'layout' | 'width' | 'height'>;
}): readonly number[] {
  if (layout === 'chw') return [3, height, width];
  return layout === 'nchw' ? [1, 3, height, width] : [1, height, width, 3];
}

/** Error of a model whose output contains NaN or infinity. */
export function nonFiniteOutput({ name }: InferenceSpec): AppError {
  return new AppError(
    'MODEL_INVALID',
    `Model ${name} returned a value that is not a finite number: its file or its weights are damaged; add the model again`,
    { model: name },
  );
}
