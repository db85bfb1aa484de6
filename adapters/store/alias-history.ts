import { canonicalJson, sha256 } from '../../domain/hash.js';
import { aliasRecordSchema, type ModelAlias } from '../../domain/model/model-alias.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { AliasHistory } from '../../domain/ports/model-aliases.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';

const changeSchema = aliasRecordSchema.extend({ alias: aliasRecordSchema.shape.by });
const HASH_CHARS = 12;

/**
 * Id of a change: its time, so that ids sort by time, and a hash of its content, so that the same
 * change is the same object.
 */
function changeIdOf(change: ModelAlias): string {
  const time = change.at.replace(/[-:.]/g, '');
  return `${time}-${sha256(canonicalJson(change)).slice(0, HASH_CHARS)}`;
}

const keyOf = (change: ModelAlias) => keys.aliasChange(change.name, changeIdOf(change));

/** Whether the history has a change. */
export async function isRecorded(store: ObjectStore, change: ModelAlias): Promise<boolean> {
  return (await store.stat(BUCKETS.models, keyOf(change))) !== undefined;
}

/** Adds a change to the history unless it has it. */
export async function recordChange(store: ObjectStore, change: ModelAlias): Promise<void> {
  if (await isRecorded(store, change)) return;
  const { name: _name, ...content } = change;
  const text = JSON.stringify(content, null, 2);
  await store.put(BUCKETS.models, keyOf(change), text, { contentType: 'application/json' });
}

/**
 * Reads a page of the history, newest first.
 * @param current aliases of the model, whose last change may not be in the history yet.
 */
export async function readHistory(
  store: ObjectStore,
  name: string,
  current: readonly ModelAlias[],
  { limit, before }: { readonly limit: number; readonly before?: string | undefined },
): Promise<AliasHistory> {
  const latest = new Map(current.map((change) => [changeIdOf(change), change]));
  const ids = new Set([...(await listChanges(store, name)), ...latest.keys()]);
  const rest = [...ids]
    .filter((id) => before === undefined || id < before)
    .sort()
    .reverse();
  const page = rest.slice(0, limit);
  const changes = await Promise.all(
    page.map(async (id) => latest.get(id) ?? readChange(store, name, id)),
  );
  return { changes, next: rest.length > limit ? page.at(-1)! : null };
}

async function listChanges(store: ObjectStore, name: string): Promise<string[]> {
  const prefix = keys.aliasHistory(name);
  const ids: string[] = [];
  for await (const key of store.list(BUCKETS.models, prefix)) {
    const [, id] = /^([A-Za-z0-9_-]+)\.json$/.exec(key.slice(prefix.length)) ?? [];
    if (id !== undefined) ids.push(id);
  }
  return ids;
}

async function readChange(store: ObjectStore, name: string, id: string): Promise<ModelAlias> {
  const data = await store.get(BUCKETS.models, keys.aliasChange(name, id));
  return { name, ...changeSchema.parse(JSON.parse(data.toString('utf8'))) };
}
