import type { z } from 'zod';
import { AppError } from '../domain/errors.js';
import {
  type AliasRecord,
  aliasRecordSchema,
  changeAlias,
  CHAMPION,
  expectAliasName,
  isSameVersion,
  type ModelAlias,
  type PinnedVersion,
} from '../domain/model/model-alias.js';
import type { ModelManifest } from '../domain/model/model-manifest.js';
import { expectId } from '../domain/names.js';
import type { AliasHistory } from '../domain/ports/model-aliases.js';
import type { ModelRegistry } from '../domain/ports/model-registry.js';
import { listProblems } from '../domain/schema-problems.js';
import { invalidCursor, PAGE_LIMIT } from './paging.js';
import type { PageOptions } from './types.js';

/** Who changes an alias, and why. */
export interface AliasChangeOptions {
  readonly by: string;
  readonly reason?: string | undefined;
}

/** Version to which an alias is moved. */
export interface AliasMove extends AliasChangeOptions {
  readonly version: number;
}

export interface RollbackOptions extends AliasChangeOptions {
  /**
   * Version of the champion that is rolled back. With it, a repeated request changes nothing; without
   * it, each request exchanges the champion and the previous one.
   */
  readonly from?: number | undefined;
}

/** Aliases of the models of the catalogue. */
export interface Models {
  /** Lists the aliases of a model. @throws AppError `MODEL_NOT_FOUND`. */
  aliases(name: string): Promise<readonly ModelAlias[]>;
  /**
   * Moves or creates an alias, after the version has run.
   * @throws AppError `MODEL_NOT_FOUND`, `INVALID_INPUT` for a reserved alias, or the reason why the
   * version cannot run.
   */
  setAlias(name: string, alias: string, move: AliasMove): Promise<ModelAlias>;
  /** Makes a version the champion; the one before becomes `previous`. Throws like {@link setAlias}. */
  promote(name: string, move: AliasMove): Promise<ModelAlias>;
  /**
   * Makes the previous champion the champion again. Throws like {@link setAlias}, and
   * @throws AppError `ALIAS_CHANGED` if the champion is another one than `from`.
   */
  rollback(name: string, options: RollbackOptions): Promise<ModelAlias>;
  /** Reads a page of the changes of a model's aliases, newest first. */
  history(name: string, options?: PageOptions): Promise<AliasHistory>;
}

interface Deps {
  readonly models: Pick<ModelRegistry, 'resolve' | 'verify' | 'aliases'>;
  /** Runs a model once; rejects if that fails. Without it, only the files are verified. */
  readonly checkModel?: (manifest: ModelManifest) => Promise<void>;
}

/** Pattern of the cursors of a history: the id of a change. */
export const ALIAS_CURSOR = /^[0-9]{8}T[0-9]{9}Z-[0-9a-f]{12}$/;

export function createModels(deps: Deps): Models {
  const { aliases } = deps.models;
  return {
    aliases: async (name) => {
      const found = await aliases.list(expectId('a model name', name));
      if (found.length === 0) await deps.models.resolve(name);
      return found;
    },
    setAlias: (name, alias, to) => move(deps, { name, alias, action: 'set' }, to),
    promote: (name, to) => move(deps, { name, alias: CHAMPION, action: 'promote' }, to),
    rollback: (name, options) => rollback(deps, name, options),
    history: (name, options) => history(deps, name, options),
  };
}

type Target = Pick<ModelAlias, 'name' | 'alias' | 'action'>;

async function move(
  deps: Deps,
  { name, alias, action }: Target,
  { version, by, reason }: AliasMove,
): Promise<ModelAlias> {
  expectAliasName(alias);
  const change = { action, ...checkOptions({ by, reason }) };
  const to = await findRunnable(deps, `${expectId('a model name', name)}@${version}`);
  return deps.models.aliases.change(name, alias, (current) =>
    changeAlias(current, { ...change, to, now: new Date() }),
  );
}

/** Finds a version, and runs it. */
async function findRunnable({ models, checkModel }: Deps, spec: string): Promise<PinnedVersion> {
  const manifest = await models.resolve(spec);
  await models.verify(manifest);
  await checkModel?.(manifest);
  return { version: manifest.version, sha256: manifest.sha256 };
}

async function rollback(
  deps: Deps,
  name: string,
  { from, by, reason }: RollbackOptions,
): Promise<ModelAlias> {
  const change = { action: 'rollback' as const, ...checkOptions({ by, reason }) };
  const champion = await findChampion(deps, name);
  if (isRolledBack(champion, from)) return champion;
  const replaced = from ?? champion.version;
  expectChampion(champion, name, replaced);
  const { previous } = champion;
  if (!previous) throw noPrevious(name);
  const to = await findRunnable(deps, `${name}@${previous.version}`);
  if (!isSameVersion(to, previous)) throw noPrevious(name);
  return deps.models.aliases.change(name, CHAMPION, (current) => {
    if (current && isRolledBack(current, replaced)) return current;
    expectChampion(current, name, replaced);
    return changeAlias(current, { ...change, to, now: new Date() });
  });
}

async function findChampion({ models }: Deps, name: string): Promise<ModelAlias> {
  const found = await models.aliases.list(expectId('a model name', name));
  const champion = found.find(({ alias }) => alias === CHAMPION);
  if (champion) return champion;
  await models.resolve(name);
  throw noPrevious(name);
}

/** Whether the last change was the rollback of this version. */
function isRolledBack({ action, previous }: AliasRecord, from: number | undefined): boolean {
  return action === 'rollback' && from !== undefined && previous?.version === from;
}

function expectChampion(current: AliasRecord | undefined, name: string, version: number): void {
  if (current?.version === version) return;
  throw new AppError(
    'ALIAS_CHANGED',
    `The champion of ${name} is version ${current?.version ?? 'none'}, not ${version}: it was changed in the meantime. Read its history, then roll back again if it is still needed.`,
    { model: name },
  );
}

function noPrevious(name: string): AppError {
  return new AppError(
    'MODEL_NOT_FOUND',
    `Model ${name} has no previous champion that exists. Promote a version instead.`,
    { model: name },
  );
}

async function history(
  { models }: Deps,
  name: string,
  { limit = PAGE_LIMIT, cursor }: PageOptions = {},
): Promise<AliasHistory> {
  if (cursor !== undefined && !ALIAS_CURSOR.test(cursor)) throw invalidCursor();
  const id = expectId('a model name', name);
  const page = await models.aliases.history(id, { limit, before: cursor });
  if (page.changes.length === 0 && cursor === undefined) await models.resolve(id);
  return page;
}

const optionsSchema = aliasRecordSchema.pick({ by: true, reason: true });

/** @throws AppError `INVALID_INPUT`. */
function checkOptions({
  by,
  reason = null,
}: {
  by: string;
  reason: string | null | undefined;
}): z.infer<typeof optionsSchema> {
  const { data, error } = optionsSchema.safeParse({ by, reason });
  if (data) return data;
  throw new AppError(
    'INVALID_INPUT',
    `Invalid change of an alias: ${listProblems(error).join('; ')}`,
  );
}
