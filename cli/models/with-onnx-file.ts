import { join } from 'node:path';
import type { Config } from '../../config/index.js';
import { modelNameOf } from '../../domain/model/model-spec.js';
import { isKerasFile } from '../../models/keras/convert.js';
import type { ModelRuns } from '../../models/add/model-runs.js';
import { withTemporaryFolder } from '../../platform/temporary-folder.js';

export interface OnnxFileOptions {
  readonly config: Pick<Config, 'dataDir'>;
  readonly runs: Pick<ModelRuns, 'convertKeras'>;
}

/**
 * Runs `work` with the ONNX file of a model: the file itself or, of a Keras file, its conversion under
 * the same name in a temporary folder.
 * @throws AppError `MODEL_INVALID` for a Keras file that cannot be converted.
 */
export async function withOnnxFile<T>(
  { config, runs }: OnnxFileOptions,
  path: string,
  work: (onnxPath: string) => Promise<T>,
): Promise<T> {
  if (!isKerasFile(path)) return work(path);
  return withTemporaryFolder(config, 'keras-', async (folder) => {
    const converted = join(folder, `${modelNameOf(path)}.onnx`);
    await runs.convertKeras(path, converted);
    return work(converted);
  });
}
