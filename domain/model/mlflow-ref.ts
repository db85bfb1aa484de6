import { AppError } from '../errors.js';
import { sha256 } from '../hash.js';
import { isId } from '../names.js';
import { MOCK_MODEL_NAME } from './known-models.js';
import { isModelUri, modelNameOf, type ModelSpec, parseModelSpec } from './model-spec.js';

/**
 * A model of an MLflow registry: a version, an alias, or without both its latest version. A logged
 * model that is not registered has its id as its name.
 */
export type MlflowRef = ModelSpec;

const PREFIX = 'models:/';
const LOGGED_MODEL_ID = /^m-[0-9a-f]{32}$/;

/**
 * Parses a URI of MLflow's registry, whose names may have more characters than those of the catalogue.
 * @throws AppError `INVALID_INPUT` for other URIs, such as those of stages.
 * @example parseMlflowUri('models:/fish@champion') // { name: 'fish', alias: 'champion' }
 */
export function parseMlflowUri(text: string): MlflowRef {
  const ref = isModelUri(text) ? parseModelSpec(text) : undefined;
  if (ref) return ref;
  throw new AppError(
    'INVALID_INPUT',
    `Expected a model of MLflow as models:/NAME/latest, models:/NAME/3, models:/NAME@ALIAS or models:/m-ID, received ${JSON.stringify(text.slice(0, 200))}.`,
  );
}

/** @example mlflowUriOf({ name: 'fish', version: 3 }) // 'models:/fish/3' */
export function mlflowUriOf({ name, version, alias }: MlflowRef): string {
  if (isLoggedModelId(name)) return `${PREFIX}${name}`;
  return alias === undefined
    ? `${PREFIX}${name}/${version ?? 'latest'}`
    : `${PREFIX}${name}@${alias}`;
}

/** Whether a name is the id of a logged model of MLflow 3. */
export function isLoggedModelId(name: string): boolean {
  return LOGGED_MODEL_ID.test(name);
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

/**
 * Parses a model as `parseModelSpec` does; the name is that in the catalogue.
 * @example parseCatalogueSpec('models:/fish v2.1/3') // { name: 'fish-v2-1-a9b983', version: 3 }
 */
export function parseCatalogueSpec(text: string): ModelSpec | undefined {
  const spec = parseModelSpec(text);
  return spec && isModelUri(text) ? { ...spec, name: catalogueNameOf(spec.name) } : spec;
}
