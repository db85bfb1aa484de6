import { AppError } from '../domain/errors.js';
import type { RequestOptions } from '../domain/ports/object-store.js';
import type { LogEntry } from '../domain/stream/entry.js';
import type { LogEnd } from '../domain/stream/ledger.js';
import type { LogRef } from '../domain/stream/log/fence.js';
import { entriesAfter } from '../domain/stream/log/journal.js';
import { createLogWriter, type LogWriter } from '../domain/stream/log/log-writer.js';
import { endOf, type NumberedStretch } from '../domain/stream/log/segment.js';
import { takeOver } from '../domain/stream/log/take-over.js';
import {
  type Journal,
  type JournalRoom,
  openJournal,
  readJournal,
  removeJournals,
} from './journal.js';

/** The log of a scenario, on the host that writes it. */
export interface ScenarioLog {
  /**
   * Continues the log under an epoch, with the entries that were appended before and in the
   * meantime. Returns its end, which is another one than that of these entries if another host
   * has written to the log: then they are not part of it.
   * @throws AppError `SCENARIO_TAKEN_OVER`, or of the store. Entries are kept until the next attempt.
   */
  takeOver(owner: Owner, options: RequestOptions): Promise<LogEnd>;
  /** Adds entries; they survive a crash of this process from then on. */
  append(stretch: NumberedStretch): void;
  /** Number of rows that are not part of the log yet. */
  rowsBehind(): number;
  /** Whether the journals of this host have no room for more entries. */
  isFull(): boolean;
  /** Stores what was appended. Calls run one after another. @throws AppError `SCENARIO_TAKEN_OVER`. */
  commit(options?: RequestOptions): Promise<void>;
  /** Stores everything as complete segments and removes the journal. */
  finish(options?: RequestOptions): Promise<void>;
  /** Leaves the journal for the next owner on this host. */
  close(): void;
}

/** Owner of a log. */
export interface Owner {
  readonly epoch: string;
  /** Start of the scenario in ms since 1970. */
  readonly startedAt: number;
  /** Called with the end of what is stored before entries are appended to it. */
  readonly onOwned?: (end: LogEnd) => Promise<void>;
}

export interface ScenarioLogOptions {
  readonly log: LogRef;
  /** Folder of the journals of the scenario. */
  readonly folder: string;
  readonly room: JournalRoom;
  /** Receives entries as they become part of the log. */
  readonly onStored: (entries: readonly LogEntry[]) => void;
  /** Called once for each failure to write the journal. */
  readonly onJournalFailure: (error: unknown) => void;
}

/** Writer and journal of an epoch. */
interface Writing {
  readonly writer: LogWriter;
  readonly journal: Journal;
}

/** The journal has the only copy of the rows until an attempt to take over succeeds. */
function notOwned(uuid: string): AppError {
  const message = `The log of the scenario ${uuid} must be taken over before rows are stored again.`;
  return new AppError('SERVER_UNAVAILABLE', message, { scenario_uuid: uuid });
}

export function createScenarioLog(options: ScenarioLogOptions): ScenarioLog {
  const { log, folder, room, onStored, onJournalFailure } = options;
  let writing: Writing | undefined;
  /** Whether the epoch of the writer may be over, because a later one was opened. */
  let isReplaced = false;
  /** Entries that are not part of the log yet, as far as this process knows. */
  let pending: NumberedStretch[] = [];
  let last: Promise<unknown> = Promise.resolve();

  /** Runs work after the work before it, whether that failed or not. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = last.then(work, work);
    last = result.catch(() => undefined);
    return result;
  }

  function record({ journal }: Writing, stretch: NumberedStretch): void {
    try {
      journal.append(stretch);
    } catch (error) {
      onJournalFailure(error);
    }
  }

  /** Continues with a new writer; nothing may be appended between the read of `pending` and this. */
  function begin(writer: LogWriter, epoch: string): void {
    const rest = entriesAfter(pending, writer.end);
    const next = { writer, journal: openJournal(folder, epoch, room) };
    for (const stretch of rest) {
      record(next, stretch);
      writer.append(stretch);
    }
    writing?.journal.close();
    writing = next;
    isReplaced = false;
    pending = rest;
  }

  async function store(work: (writer: LogWriter) => Promise<LogEntry[]>): Promise<void> {
    if (!writing || isReplaced) return;
    const { writer, journal } = writing;
    const count = pending.length;
    const entries = await work(writer);
    pending = pending.slice(count);
    if (pending.length === 0) journal.clear();
    if (entries.length > 0) onStored(entries);
    await writer.removeChunks('some');
  }

  return {
    takeOver: ({ epoch, startedAt, onOwned }, request) =>
      inTurn(async () => {
        isReplaced = true;
        const start = await takeOver(log, {
          ...{ epoch, startedAt, ...request },
          readJournal: (of) => readJournal(folder, of),
        });
        await onOwned?.(start.end);
        begin(createLogWriter(log, start), epoch);
        void inTurn(() => removeJournals(folder, epoch)).catch(onJournalFailure);
        const end = pending.at(-1);
        return end ? endOf(end) : start.end;
      }),
    append(stretch) {
      pending.push(stretch);
      if (!writing) return;
      record(writing, stretch);
      writing.writer.append(stretch);
    },
    rowsBehind() {
      const [oldest, newest] = [pending[0], pending.at(-1)];
      return oldest && newest ? endOf(newest).next - oldest.first : 0;
    },
    isFull: () => room.used >= room.limit,
    commit: (request) => inTurn(() => store((writer) => writer.commit(request))),
    finish: (request) =>
      inTurn(async () => {
        if (isReplaced) throw notOwned(log.uuid);
        await store((writer) => writer.close(request));
        await writing?.writer.removeChunks('all', request);
        await removeJournals(folder);
      }),
    close() {
      writing?.journal.close();
      writing = undefined;
    },
  };
}
