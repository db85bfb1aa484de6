import { AppError } from '../errors.js';

/** Name of a model's ONNX file in the store and on disk; its manifest and data files are stored next to it. */
export const MODEL_FILE = 'model.onnx';
/** Name of a file of Keras 3, before it is converted. */
export const KERAS_MODEL_FILE = 'model.keras';
/** List of the files of a checkpoint, which are next to it under their SHA-256. */
export const CHECKPOINT_LIST = 'list.json';
export const MANIFEST_FILE = 'manifest.json';

const DATA_FILE_MAX = 400;
/** Backslashes, control characters, and characters with a special meaning to a system or ONNX Runtime. */
// eslint-disable-next-line no-control-regex -- matched to be rejected
const NOT_IN_DATA_FILES = /[\\\u0000-\u001f\u007f-\u009f<>:"|?*]/;

/**
 * Whether a text can name a data file of a model: a plain relative path inside the model's folder,
 * "/" between its parts, of at most 400 characters, and not the model's or its manifest's own name.
 * @example isDataFile('weights/a.bin') // true; '../a.bin', '/a.bin', './a.bin' are false
 */
export function isDataFile(text: string): boolean {
  const parts = text.split('/');
  const isReserved = [MODEL_FILE, MANIFEST_FILE].includes(parts[0]!.toLowerCase());
  return (
    text.length <= DATA_FILE_MAX &&
    !isReserved &&
    !NOT_IN_DATA_FILES.test(text) &&
    parts.every((part) => part !== '' && !/^\.{1,2}$/.test(part) && part === part.trim())
  );
}

/** Returns a text that {@link isDataFile}. @throws AppError `INVALID_INPUT` for another one. */
export function expectDataFile(text: string): string {
  if (isDataFile(text)) return text;
  throw new AppError(
    'INVALID_INPUT',
    `Expected a model's data file inside its folder, received ${JSON.stringify(text.slice(0, 80))}`,
  );
}
