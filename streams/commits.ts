import { hasCode, messageOf } from '../domain/errors.js';
import type { LogEntry } from '../domain/stream/entry.js';
import type { Logger } from '../runtime/logger.js';
import type { ScenarioLog } from './scenario-log.js';

/** Receives entries as they become part of the log. */
export type Follower = (entries: readonly LogEntry[]) => void;

/** Stores the entries of a log, and sends them to followers after that. */
export interface Commits {
  follow(follower: Follower): () => void;
  /** Reports that entries were appended: they are stored at once while they are followed. */
  appended(): void;
  /** Sends entries that were stored to the followers. */
  send: Follower;
  stop(): void;
}

export interface CommitsOptions {
  readonly log: Pick<ScenarioLog, 'commit'>;
  readonly logger: Logger;
  /** Reports that another process owns the log. */
  readonly onTakenOver: (error: unknown) => void;
}

/**
 * Pause after a commit, in ms: entries that are appended meanwhile are stored together, so that many
 * rows per second do not make as many objects.
 */
const PAUSE_MS = 150;
/**
 * Interval, in ms, at which a followed log without new entries is checked for another owner, and
 * what could not be stored is stored again.
 */
const FOLLOWED_MS = 500;
/** Interval between commits, in ms, while entries are not followed. */
const UNFOLLOWED_MS = 10_000;

export function startCommits({ log, logger, onTakenOver }: CommitsOptions): Commits {
  const followers = new Set<Follower>();
  let [isRunning, hasFailed, hasNew, isStopped] = [false, false, false, false];
  let lastAt = performance.now();
  let next: NodeJS.Timeout | undefined;

  async function commit(): Promise<void> {
    [isRunning, hasNew] = [true, false];
    try {
      await log.commit();
      if (hasFailed) logger.info('rows are stored again');
      hasFailed = false;
    } catch (error) {
      if (hasCode(error, 'SCENARIO_TAKEN_OVER')) onTakenOver(error);
      else if (!hasFailed) logger.warn({ reason: messageOf(error) }, 'rows wait in the journal');
      hasFailed = true;
    } finally {
      isRunning = false;
      lastAt = performance.now();
      plan();
    }
  }

  /** Plans the commit of new entries that are followed; after a failure, the timer repeats it. */
  function plan(): void {
    if (!hasNew || hasFailed || isRunning || isStopped || followers.size === 0) return;
    next ??= setTimeout(
      () => {
        next = undefined;
        if (!isRunning) void commit();
      },
      Math.max(0, lastAt + PAUSE_MS - performance.now()),
    );
  }

  const timer = setInterval(() => {
    const intervalMs = followers.size > 0 ? FOLLOWED_MS : UNFOLLOWED_MS;
    if (!isRunning && performance.now() - lastAt >= intervalMs) void commit();
  }, FOLLOWED_MS);
  return {
    follow(follower) {
      followers.add(follower);
      plan();
      return () => void followers.delete(follower);
    },
    appended() {
      hasNew = true;
      plan();
    },
    send(entries) {
      for (const follower of followers) follower(entries);
    },
    stop() {
      isStopped = true;
      clearInterval(timer);
      clearTimeout(next);
    },
  };
}
