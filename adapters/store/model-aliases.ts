import { AppError, messageOf } from '../../domain/errors.js';
import {
  type AliasRecord,
  aliasRecordSchema,
  CHAMPION,
  type ModelAlias,
  PREVIOUS,
  previousOf,
} from '../../domain/model/model-alias.js';
import { BUCKETS, isId, keys } from '../../domain/names.js';
import type { ModelAliases } from '../../domain/ports/model-aliases.js';
import type { ObjectStore, ReadableObjects } from '../../domain/ports/object-store.js';
import { isRecorded, readHistory, recordChange } from './alias-history.js';

/** Maximum number of attempts to change an alias: each further one follows a change by another. */
const ATTEMPTS = 50;

/** Stores aliases as objects `{name}/aliases/{alias}.json` of the bucket `models`. */
export function createModelAliases(store: ObjectStore): ModelAliases {
  return {
    list: (name) => listAliases(store, name),
    history: async (name, page) => readHistory(store, name, await listStored(store, name), page),
    change: (name, alias, next) => change(store, { name, alias }, next),
  };
}

/** Finds the version of an alias. @throws AppError `MODEL_NOT_FOUND` with the aliases that exist. */
export async function resolveAlias(
  store: ReadableObjects,
  name: string,
  alias: string,
): Promise<ModelAlias> {
  const stored = alias === PREVIOUS ? CHAMPION : alias;
  const found = (await readAlias(store, { name, alias: stored }))?.entry;
  const entry = found && (alias === PREVIOUS ? previousOf(found) : found);
  if (entry) return entry;
  const known = (await listAliases(store, name)).map((each) => each.alias);
  throw new AppError(
    'MODEL_NOT_FOUND',
    `Model ${name} has no alias ${JSON.stringify(alias)} (its aliases: ${known.join(', ') || 'none'}).`,
    { model: `${name}@${alias}` },
  );
}

/** Lists the aliases of a model, or of all. */
export async function listAliases(store: ReadableObjects, name?: string): Promise<ModelAlias[]> {
  const stored = await listStored(store, name);
  return stored.flatMap((entry) => {
    const previous = entry.alias === CHAMPION ? previousOf(entry) : undefined;
    return previous ? [entry, previous] : [entry];
  });
}

/** Lists the aliases that have an object; one that is removed in the meantime is left out. */
async function listStored(store: ReadableObjects, name?: string): Promise<ModelAlias[]> {
  const entries: ModelAlias[] = [];
  const prefix = name === undefined ? '' : keys.aliases(name);
  for await (const key of store.list(BUCKETS.models, prefix)) {
    const id = parseAliasKey(key);
    const found = id && (await readAlias(store, id));
    if (found) entries.push(found.entry);
  }
  return entries;
}

type AliasId = Pick<ModelAlias, 'name' | 'alias'>;

function parseAliasKey(key: string): AliasId | undefined {
  const [, name, alias] = /^([^/]+)\/aliases\/([^/]+)\.json$/.exec(key) ?? [];
  return isId(name) && isId(alias) ? { name: name!, alias: alias! } : undefined;
}

/** A stored alias; its content is not older than its etag. */
interface StoredAlias {
  readonly entry: ModelAlias;
  readonly etag: string;
}

async function readAlias(
  store: ReadableObjects,
  { name, alias }: AliasId,
): Promise<StoredAlias | undefined> {
  const key = keys.alias(name, alias);
  const found = await store.stat(BUCKETS.models, key);
  const data = found && (await store.find(BUCKETS.models, key));
  if (!data) return undefined;
  const record = parseRecord(key, data.toString('utf8'));
  return { entry: { name, alias, ...record }, etag: found.etag };
}

/** @throws AppError `MODEL_INVALID` for an object that is not an alias. */
function parseRecord(key: string, text: string): AliasRecord {
  try {
    return aliasRecordSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new AppError(
      'MODEL_INVALID',
      `The alias ${key} in the bucket ${BUCKETS.models} is damaged. Remove this object, then set the alias again. ${messageOf(cause)}`,
      { key },
      { cause },
    );
  }
}

/**
 * Replaces the object only if it has not changed since it was read. A change is in the history before
 * the next one overwrites it, also if the process that made it crashed.
 */
async function change(
  store: ObjectStore,
  id: AliasId,
  next: (current: AliasRecord | undefined) => AliasRecord,
): Promise<ModelAlias> {
  let sent: ModelAlias | undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const current = await readAlias(store, id);
    if (current) await recordChange(store, current.entry);
    // The client of the store repeats requests: a refused one may have been applied before.
    if (sent && (await isRecorded(store, sent))) return sent;
    const known = current && recordOf(current.entry);
    const record = next(known);
    if (current && record === known) return current.entry;
    sent = { ...id, ...record };
    if (!(await put(store, id, record, current?.etag))) continue;
    await recordChange(store, sent);
    return sent;
  }
  throw new AppError(
    'ALIAS_CHANGED',
    `The alias ${id.name}@${id.alias} was changed by others ${ATTEMPTS} times in a row. Try again.`,
    { ...id },
  );
}

function put(
  store: ObjectStore,
  { name, alias }: AliasId,
  record: AliasRecord,
  etag: string | undefined,
): Promise<boolean> {
  const options = { contentType: 'application/json' };
  const text = JSON.stringify(record, null, 2);
  return store.putIf(BUCKETS.models, keys.alias(name, alias), text, etag, options);
}

function recordOf({ name: _name, alias: _alias, ...record }: ModelAlias): AliasRecord {
  return record;
}
