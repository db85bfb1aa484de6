import { hasCode, messageOf } from '../domain/errors.js';
import type { LogEntry } from '../domain/stream/entry.js';
import type { Logger } from '../runtime/logger.js';
import type { ScenarioLog } from './scenario-log.js';

/** Receives entries as they become part of the log. */
export type Follower = (entries: readonly LogEntry[]) => void;

/** Stores the entries of a log at intervals, and sends them to followers after that. */
export interface Commits {
  follow(follower: Follower): () => void;
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

/** Interval between commits, in ms, while entries are followed and while they are not. */
const FOLLOWED_MS = 500;
const UNFOLLOWED_MS = 10_000;

export function startCommits({ log, logger, onTakenOver }: CommitsOptions): Commits {
  const followers = new Set<Follower>();
  let isRunning = false;
  let hasFailed = false;
  let lastAt = performance.now();

  async function commit(): Promise<void> {
    isRunning = true;
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
    }
  }

  const timer = setInterval(() => {
    const isDue = followers.size > 0 || performance.now() - lastAt >= UNFOLLOWED_MS;
    if (isDue && !isRunning) void commit();
  }, FOLLOWED_MS);
  return {
    follow(follower) {
      followers.add(follower);
      return () => void followers.delete(follower);
    },
    send(entries) {
      for (const follower of followers) follower(entries);
    },
    stop: () => clearInterval(timer),
  };
}
