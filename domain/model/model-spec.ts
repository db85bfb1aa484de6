/** Maximum length of a model's name, in characters. */
const NAME_MAX = 128;

/** Pattern of a model in a request: its name, or `name@version`. */
export const MODEL_SPEC = /^[A-Za-z0-9_-]{1,128}(@[1-9][0-9]{0,8})?$/;

/** Whether a text is the path of a model file, not a name in the catalogue. */
export function isModelPath(text: string): boolean {
  return /[\\/]/.test(text) || /\.(onnx|pt)$/i.test(text);
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
