import { AppError } from '../domain/errors.js';
import { type Config, readConfig, readEnvironment } from './index.js';

/** Settings of the role `images`. */
export interface ImagesRole {
  readonly config: Config;
  /** Folders of the models; a model in a later one replaces that of the same name in an earlier one. */
  readonly modelFolders: readonly string[];
  /** SHA-256 of the keys that are accepted; undefined: the process makes a key. */
  readonly keyHashes: readonly string[] | undefined;
}

/**
 * Reads the settings of the role `images`, which needs a key unless VIDETTE_API_OPEN is set.
 * @throws AppError `INVALID_INPUT` without any folder of models, and for settings that need a server.
 */
export function readImagesRole(environment: NodeJS.ProcessEnv = process.env): ImagesRole {
  const config = readConfig(environment);
  const env = readEnvironment(environment);
  const modelFolders = [config.includedModelsDir, config.modelsDir].filter(
    (path) => path !== undefined,
  );
  if (modelFolders.length === 0) {
    throw invalid(
      'VIDETTE_MODELS_DIR is not set. The role images reads its models from a folder: set it to one with yolox_nano.onnx, or with a copy of the bucket "models".',
    );
  }
  if (config.images.keepDays > 0) {
    throw invalid(
      'VIDETTE_KEEP_PICTURES_DAYS needs an object store, which the role images does not have. Remove it.',
    );
  }
  const isOpen = env.VIDETTE_API_OPEN || env.VIDETTE_API_AUTH === 'none';
  const auth = isOpen ? 'none' : 'keys';
  return {
    config: { ...config, api: { ...config.api, role: 'images', auth }, temporalUi: undefined },
    modelFolders,
    keyHashes: env.VIDETTE_API_KEYS,
  };
}

function invalid(problem: string): AppError {
  return new AppError('INVALID_INPUT', `Invalid configuration: ${problem}`);
}
