import type { Config } from '../../config/index.js';
import { expectSha256 } from '../../models/add/examine.js';
import type { ModelRuns } from '../../models/add/model-runs.js';
import { sourceOf, type Tested, testModel, type TestRequest } from '../../models/add/test-model.js';
import { isKerasFile } from '../../models/keras/convert.js';
import { sha256OfFile } from '../../platform/file-hash.js';
import { keepModel } from './added-folder.js';
import { withOnnxFile } from './with-onnx-file.js';

export interface AddRequest extends TestRequest {
  readonly config: Pick<Config, 'dataDir'>;
  readonly runs: ModelRuns;
}

export interface Added extends Tested {
  /** Path of the copy in the data folder. */
  readonly path: string;
}

/**
 * Examines a model file, runs it on an image and copies it to the data folder; a Keras file is converted
 * to ONNX first.
 * @throws AppError as {@link testModel} does.
 */
export async function addModel(request: AddRequest): Promise<Added> {
  const { path, sha256, source } = request;
  if (!isKerasFile(path)) return addOnnx(request);
  expectSha256(path, await sha256OfFile(path), sha256);
  const ofFile = { source: source ?? sourceOf(path), sha256: undefined };
  return withOnnxFile(request, path, (onnxPath) =>
    addOnnx({ ...request, ...ofFile, path: onnxPath }),
  );
}

async function addOnnx(request: AddRequest): Promise<Added> {
  const { manifest, ...found } = await testModel(request);
  return { ...(await keepModel(request.config, request.path, manifest)), ...found };
}
