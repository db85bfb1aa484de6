/** Maximum length of a model's name, in characters. */
const NAME_MAX = 128;

/** Prefix of a model in the form of MLflow's URIs. */
const URI_PREFIX = 'models:/';
const NEWEST = 'latest';
/** Forms of {@link MODEL_SPEC}, for messages. */
export const MODEL_FORMS = 'name, name@3, name@alias, or models:/name/latest';
const VERSION = /^[1-9][0-9]{0,8}$/;

/**
 * Pattern of a model in a request: `name`, `name@3`, `name@alias`, `models:/name/latest`,
 * `models:/name/3`, `models:/name@alias`, or `models:/m-ID` of a logged model of MLflow. Names in
 * URIs may have all characters of MLflow's names.
 */
export const MODEL_SPEC =
  /^[A-Za-z0-9_-]{1,128}(@([1-9][0-9]{0,8}|(?![0-9]+$)[A-Za-z0-9_-]{1,128}))?$|^models:\/[^/:@\n\r\t]{1,255}(\/(latest|[1-9][0-9]{0,8})|@(?![0-9]+$)[A-Za-z0-9_-]{1,128})$|^models:\/m-[0-9a-f]{32}$/;

/** A model as a request names it: a version, an alias, or without both the newest version. */
export interface ModelSpec {
  readonly name: string;
  readonly version?: number;
  readonly alias?: string;
}

/**
 * Parses a model in any of the forms of {@link MODEL_SPEC}; undefined for other texts.
 * @example parseModelSpec('models:/fish@champion') // { name: 'fish', alias: 'champion' }
 */
export function parseModelSpec(text: string): ModelSpec | undefined {
  if (!MODEL_SPEC.test(text)) return undefined;
  const [name = '', selector = NEWEST] = text.replace(URI_PREFIX, '').split(/[@/]/);
  if (selector === NEWEST) return { name };
  return VERSION.test(selector) ? { name, version: Number(selector) } : { name, alias: selector };
}

/** Whether a text names a model by a URI of MLflow. */
export function isModelUri(text: string): boolean {
  return text.startsWith(URI_PREFIX);
}

/** Whether a text is the path of a model file, not a name in the catalogue. */
export function isModelPath(text: string): boolean {
  if (isModelUri(text)) return false;
  return /[\\/]/.test(text) || /\.(onnx|pt|keras|h5)$/i.test(text);
}

/**
 * Returns the name of a model, derived from its file.
 * @example modelNameOf('/data/My best (v2).onnx') // 'My-best-v2'
 */
export function modelNameOf(path: string): string {
  const file = path.split(/[\\/]/).at(-1) ?? '';
  const words = file.replace(/\.\w+$/, '').replace(/[^A-Za-z0-9_-]+/g, '-');
  return words.replace(/^-+|-+$/g, '').slice(0, NAME_MAX) || 'model';
}
