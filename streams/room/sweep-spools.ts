import { readdirSync, rmdirSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../../domain/errors.js';
import { SCENARIO_UUID } from '../../domain/names.js';
import type { ScenarioStore } from '../../domain/ports/scenario-store.js';
import type { StreamEventStore } from '../../domain/ports/stream-event-store.js';
import { type LogRef, type LogStore, readFences } from '../../domain/stream/log/fence.js';
import { entriesAfter } from '../../domain/stream/log/journal.js';
import { readStoredEnd } from '../../domain/stream/log/predecessor.js';
import type { Logger } from '../../runtime/logger.js';
import type { CameraHost } from '../camera-host.js';
import { listJournals, readJournal } from '../journal.js';
import { lockOwnerOf, spoolFolders, spoolPaths } from '../spool-paths.js';

export interface SpoolDeps {
  /** Folder of the stream worker. */
  readonly folder: string;
  readonly store: LogStore;
  readonly scenarios: Pick<ScenarioStore, 'find'>;
  readonly events: Pick<StreamEventStore, 'listUndone'>;
  readonly host: Pick<CameraHost, 'isOpen'>;
  readonly logger: Logger;
}

/**
 * Removes the files of scenarios that have ended or were deleted and do not run here, if none of
 * them has rows or clips that are not stored.
 */
export async function sweepSpools(deps: SpoolDeps, signal: AbortSignal): Promise<void> {
  const { folder, host, logger } = deps;
  for (const uuid of await listScenarios(folder)) {
    signal.throwIfAborted();
    try {
      const files = await listFiles(folder, uuid);
      if (host.isOpen(uuid) || !(await isLeftOver(deps, uuid, signal))) continue;
      // Deployed again in the meantime: all files that are created from then on are kept.
      if (!host.isOpen(uuid)) removeFiles(folder, uuid, files);
    } catch (error) {
      signal.throwIfAborted();
      logger.warn({ scenario: uuid, reason: messageOf(error) }, 'files of a camera not swept');
    }
  }
}

async function listScenarios(folder: string): Promise<Set<string>> {
  const { journals, clips } = spoolFolders(folder);
  const names = await Promise.all([folder, journals, clips].map(listNames));
  const [locks = [], ...folders] = names;
  const uuids = [...locks.map(lockOwnerOf), ...folders.flat()];
  return new Set(uuids.filter((uuid) => SCENARIO_UUID.test(uuid)));
}

async function listFiles(folder: string, uuid: string): Promise<string[]> {
  const { journals, clips, lock } = spoolPaths(folder, uuid);
  const names = await Promise.all(
    [journals, clips].map(async (each) => (await listNames(each)).map((name) => join(each, name))),
  );
  return [...names.flat(), lock];
}

/** Lists a folder, which may not exist. */
function listNames(folder: string): Promise<string[]> {
  return readdir(folder).catch(() => []);
}

/** Whether a scenario needs its files no more. */
async function isLeftOver(
  { folder, store, scenarios, events }: SpoolDeps,
  uuid: string,
  signal: AbortSignal,
): Promise<boolean> {
  const scenario = await scenarios.find(uuid);
  if (scenario && !scenario.end) return false;
  if ((await events.listUndone(uuid)).length > 0) return false;
  return !(await hasUnsentRows({ store, uuid }, spoolPaths(folder, uuid).journals, signal));
}

/**
 * Whether a journal has rows that the next owner of the log would continue with. The rows of epochs
 * before the newest one cannot become part of the log: it has other entries for their time.
 */
async function hasUnsentRows(log: LogRef, journals: string, signal: AbortSignal): Promise<boolean> {
  const newest = (await listJournals(journals)).at(-1);
  if (newest === undefined) return false;
  const { based } = await readFences(log, { signal });
  const end = await readStoredEnd(log, { signal });
  if (!end || based === undefined || newest > based) return true;
  return newest === based && entriesAfter(await readJournal(journals, newest), end).length > 0;
}

/** Removes files and the folders that are empty then, without a pause in which a camera starts. */
function removeFiles(folder: string, uuid: string, files: readonly string[]): void {
  for (const file of files) rmSync(file, { force: true });
  const { journals, clips } = spoolPaths(folder, uuid);
  for (const each of [journals, clips]) if (isEmpty(each)) rmdirSync(each);
}

function isEmpty(folder: string): boolean {
  try {
    return readdirSync(folder).length === 0;
  } catch {
    return false; // it does not exist
  }
}
