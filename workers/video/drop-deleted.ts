import { messageOf } from '../../domain/errors.js';
import { isId } from '../../domain/names.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import type { Scratch } from '../../domain/ports/scratch.js';
import type { Logger } from '../../runtime/logger.js';

interface Deps {
  readonly documents: Pick<DocumentStore, 'findStatuses'>;
  readonly scratch: Pick<Scratch, 'dropEvent'>;
  readonly logger: Logger;
}

/**
 * Removes the files of deleted jobs from this host. A job has an event before it has files, so files
 * without an event belong to a job that was deleted, or are what its last activity wrote.
 * @throws AppError `SERVER_UNAVAILABLE`.
 */
export async function dropDeleted(deps: Deps, names: Iterable<string>): Promise<void> {
  const eventIds = [...names].filter(isId);
  if (eventIds.length === 0) return;
  const stored = await deps.documents.findStatuses(eventIds);
  for (const eventId of eventIds) if (!stored.has(eventId)) await dropFiles(deps, eventId);
}

async function dropFiles({ scratch, logger }: Deps, eventId: string): Promise<void> {
  try {
    await scratch.dropEvent(eventId);
    logger.info({ event: eventId }, 'files of a deleted job dropped');
  } catch (error) {
    logger.warn({ event: eventId, reason: messageOf(error) }, 'files of a deleted job not dropped');
  }
}
