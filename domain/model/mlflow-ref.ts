import { AppError } from '../errors.js';
import { sha256 } from '../hash.js';
import { isId } from '../names.js';
import { MOCK_MODEL_NAME } from './known-models.js';
import { modelNameOf, type ModelSpec, parseModelSpec } from './model-spec.js';

/** A model of an MLflow registry: a version, an alias, or without both its latest version. */
export type MlflowRef = ModelSpec;

const PREFIX = 'models:/';
/** MLflow's names exclude "/" and ":". */
const URI = /^models:\/([^/:@]+)([/@].+)$/;

/** Whether a text names a model by one of MLflow's URIs. */
export function isMlflowUri(text: string): boolean {
  return text.startsWith(PREFIX);
}

/**
 * Parses a URI of MLflow's registry, whose names may have more characters than those of the catalogue.
 * @throws AppError `INVALID_INPUT` for other URIs, such as those of stages and logged models.
 * @example parseMlflowUri('models:/fish@champion') // { name: 'fish', alias: 'champion' }
 */
export function parseMlflowUri(text: string): MlflowRef {
  const [, name, selector] = URI.exec(text) ?? [];
  const spec = parseModelSpec(`${PREFIX}any${selector}`);
  if (name !== undefined && spec) return { ...spec, name };
  throw new AppError(
    'INVALID_INPUT',
    `Expected a registered model of MLflow as models:/NAME/latest, models:/NAME/3 or models:/NAME@ALIAS, received ${JSON.stringify(text.slice(0, 200))}.`,
  );
}

/** @example mlflowUriOf({ name: 'fish', version: 3 }) // 'models:/fish/3' */
export function mlflowUriOf({ name, version, alias }: MlflowRef): string {
  return alias === undefined
    ? `${PREFIX}${name}/${version ?? 'latest'}`
    : `${PREFIX}${name}@${alias}`;
}

const HASH_CHARS = 6;
const SLUG_MAX = 100;

/**
 * Returns the catalogue's name of a model of MLflow: its own name, or a slug with a part of its hash
 * if that is not a name of the catalogue.
 * @example catalogueNameOf('fish v2.1') // 'fish-v2-1-a9b983'
 */
export function catalogueNameOf(name: string): string {
  if (isId(name) && name !== MOCK_MODEL_NAME) return name;
  const words = modelNameOf(`${name.replaceAll('\\', '-')}.onnx`).slice(0, SLUG_MAX);
  return `${words}-${sha256(name).slice(0, HASH_CHARS)}`;
}
