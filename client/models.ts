import { hasCode } from '../domain/errors.js';
import { aliasesOf } from '../domain/model/model-alias.js';
import { type ModelManifest, modelRefOf } from '../domain/model/model-manifest.js';
import type { ModelAliases } from '../domain/ports/model-aliases.js';
import type { ModelRegistry } from '../domain/ports/model-registry.js';
import { invalidCursor, PAGE_LIMIT } from './paging.js';
import type { Model, ModelPage, PageOptions } from './types.js';

/** Pattern of the cursors of a list of models: name and version. */
export const MODEL_CURSOR = /^([A-Za-z0-9_-]{1,128})@([1-9][0-9]{0,8})$/;

interface Deps {
  readonly models: Pick<ModelRegistry, 'list' | 'resolve'> & {
    readonly aliases: Pick<ModelAliases, 'list'>;
  };
  readonly defaultModel?: string;
}

/**
 * Returns a page of the models of the catalogue: by name, of one name the newest first. A cursor is
 * `name@version`.
 */
export async function listModels(
  { models, defaultModel }: Deps,
  { limit = PAGE_LIMIT, cursor }: PageOptions = {},
): Promise<ModelPage> {
  const after = cursor === undefined ? undefined : parseCursor(cursor);
  const manifests = (await models.list()).sort(byNameAndAge);
  const rest = manifests.filter((manifest) => !after || byNameAndAge(after, manifest) < 0);
  const page = rest.slice(0, limit);
  const used = page.length > 0 ? await findDefault(models, defaultModel) : undefined;
  const aliases = page.length > 0 ? await models.aliases.list() : [];
  const last = page.at(-1);
  return {
    models: page.map((manifest) => toModel(manifest, used, aliasesOf(manifest, aliases))),
    next: last && rest.length > limit ? `${last.name}@${last.version}` : null,
  };
}

type Position = Pick<ModelManifest, 'name' | 'version'>;

function byNameAndAge(a: Position, b: Position): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return b.version - a.version;
}

function parseCursor(cursor: string): Position {
  const [, name, version] = MODEL_CURSOR.exec(cursor) ?? [];
  if (name !== undefined) return { name, version: Number(version) };
  throw invalidCursor();
}

/** Model of jobs that name none; undefined if the catalogue does not have it. */
async function findDefault(
  models: Pick<ModelRegistry, 'resolve'>,
  defaultModel: string | undefined,
): Promise<Position | undefined> {
  try {
    return await models.resolve(defaultModel);
  } catch (error) {
    if (hasCode(error, 'MODEL_NOT_FOUND')) return undefined;
    throw error;
  }
}

function toModel(
  manifest: ModelManifest,
  used: Position | undefined,
  aliases: readonly string[],
): Model {
  const { name, version, task, labels, licence, source, size_bytes } = manifest;
  const is_default = used?.name === name && used.version === version;
  const facts = { task, classes: labels, licence, source, size_bytes, is_default, aliases };
  return { ...modelRefOf(manifest), ...facts };
}
