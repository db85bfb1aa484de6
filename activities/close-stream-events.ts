import type { DocumentStore } from '../domain/ports/document-store.js';
import type { StreamNotifier } from '../domain/ports/stream-notifier.js';
import {
  type StreamEventDocument,
  toRecordedEvent,
  toStreamEvent,
} from '../domain/stream/events/event-document.js';
import { endEvent } from '../domain/stream/events/stream-event.js';
import { eventNotice } from '../domain/stream/events/stream-notice.js';
import type { SealedScenario } from '../domain/stream/scenario-contracts.js';

export interface CloseStreamEventsDeps {
  readonly documents: Pick<DocumentStore, 'streamEvents'>;
  readonly streamNotifier: StreamNotifier;
}

const LOST = 'The recording was lost with the worker that made it.';

/**
 * Ends the events of a scenario that has ended, and sends their webhooks. There are such events only
 * if its worker crashed: nothing watches the camera again, which would continue them.
 */
export async function closeStreamEvents(
  deps: CloseStreamEventsDeps,
  scenario: SealedScenario,
): Promise<void> {
  const undone = await deps.documents.streamEvents.listUndone(scenario.scenario_uuid);
  for (const document of undone) await closeStreamEvent(deps, scenario, document);
}

async function closeStreamEvent(
  { documents, streamNotifier }: CloseStreamEventsDeps,
  scenario: SealedScenario,
  document: StreamEventDocument,
): Promise<void> {
  const isOpen = document.ended_at === null;
  const stored = toStreamEvent(toRecordedEvent(document));
  const event = isOpen ? endEvent(stored) : stored;
  const url = event.rule === null ? undefined : scenario.notify[event.rule]?.url;
  const due = isOpen ? [...document.webhooks_due, 'ended' as const] : document.webhooks_due;
  for (const notice of url === undefined ? [] : due) {
    const sent = notice === 'started' ? stored : event;
    await streamNotifier.notify(eventNotice(url!, scenario, sent, notice));
  }
  await documents.streamEvents.update(document, {
    ...{ ended_at: event.ended_at, webhooks_due: [], done: true },
    ...(document.clip?.state === 'recording' && { clip: { state: 'failed', message: LOST } }),
  });
}
