import { beforeEach, expect, it } from 'vitest';
import type { StreamNotice } from '../domain/stream/events/stream-notice.js';
import { notifyRule } from '../test/support/stream-rows.js';
import { createMemoryDocumentStore } from '../test/support/memory-document-store.js';
import { sealedScenario } from '../test/support/scenarios.js';
import { eventDocumentAt } from '../test/support/stream-events.js';
import { closeStreamEvents, type CloseStreamEventsDeps } from './close-stream-events.js';

const URL = 'https://example.com/hook';

let sent: StreamNotice[];
let deps: CloseStreamEventsDeps;
beforeEach(() => {
  sent = [];
  deps = {
    documents: createMemoryDocumentStore(),
    streamNotifier: { notify: (notice) => Promise.resolve(void sent.push(notice)) },
  };
});

async function close(document: ReturnType<typeof eventDocumentAt>) {
  const { streamEvents } = deps.documents;
  await streamEvents.insert(document);
  const scenario = sealedScenario({
    scenario_uuid: document.scenario_uuid,
    notify: [notifyRule({ url: URL })],
  });
  await closeStreamEvents(deps, scenario);
  await closeStreamEvents(deps, scenario);
  return streamEvents.find(document);
}
const types = () => sent.map(({ message }) => message.type);

it('ends an open event whose recording was lost, and sends its webhooks once', async () => {
  const open = eventDocumentAt(0, { webhooks_due: ['started'], clip: { state: 'recording' } });
  const message = 'The recording was lost with the worker that made it.';
  expect(await close(open)).toMatchObject({
    ...{ ended_at: open.last_seen_at, webhooks_due: [], done: true },
    clip: { state: 'failed', message },
  });
  expect(types()).toEqual(['stream.event.started', 'stream.event.ended']);
  expect(sent.map(({ message: { data } }) => data.event?.ended_at)).toEqual([
    null,
    open.last_seen_at,
  ]);
});

it('sends the webhook that is due of an event that has ended', async () => {
  const { last_seen_at: ended_at } = eventDocumentAt(0);
  const ended = eventDocumentAt(0, { ended_at, webhooks_due: ['ended'] });
  expect(await close(ended)).toMatchObject({ clip: null, done: true });
  expect(types()).toEqual(['stream.event.ended']);
});

it('leaves events alone that are done', async () => {
  const done = eventDocumentAt(0, { done: true });
  expect(await close(done)).toEqual(done);
  expect(sent).toEqual([]);
});
