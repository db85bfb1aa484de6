import type { StreamEventDocument } from '../../domain/stream/events/event-document.js';
import { beginEvent } from '../../domain/stream/events/stream-event.js';
import { rowAt, streamObject } from './stream-rows.js';

/** Open event of a person that starts some seconds after the start of the log. */
export function eventDocumentAt(
  second: number,
  fields: Partial<StreamEventDocument> = {},
): StreamEventDocument {
  const person = streamObject('person');
  return {
    ...beginEvent(rowAt(second, 1, person), [person], 0),
    ...{ clip: null, snapshot: false, webhooks_due: [], done: false },
    ...fields,
  };
}
