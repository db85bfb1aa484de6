import { z } from 'zod';
import { described } from '../../domain/described.js';
import { ProblemError } from './problem.js';

const WHOLE_NUMBER = /^\d{1,15}$/;

/** Headers with which a client resumes a stream of events. */
export const resumeHeaders = z.object({
  'last-event-id': described(
    z
      .string()
      .regex(/^(\d{1,15}|end)$/)
      .optional(),
    'Id of the last received event; browsers send it when they reconnect.',
    '35',
  ),
});

/** The same, for a stream that is also available as JSON lines. */
export const acceptHeaders = resumeHeaders.extend({
  accept: described(
    z.string().optional(),
    'text/event-stream for events; JSON lines otherwise.',
    'application/x-ndjson',
  ),
});

/** Returns the frame number that is the id of the last received event. */
export function parseLastId(lastEventId: string): number {
  if (WHOLE_NUMBER.test(lastEventId)) return Number(lastEventId);
  throw new ProblemError(
    'invalid-request',
    `Expected the id of an event (a frame number) as Last-Event-ID, received ${JSON.stringify(lastEventId)}.`,
  );
}

/** Returns the format that the client accepts; JSON lines by default. */
export function negotiateFormat(accept = '*/*'): 'events' | 'lines' {
  const types = accept.split(',').map((type) => type.split(';')[0]!.trim().toLowerCase());
  const known = types.find((type) => FORMATS.has(type));
  const form = known && FORMATS.get(known);
  if (form) return form;
  throw new ProblemError(
    'not-acceptable',
    'This stream is available as text/event-stream or application/x-ndjson.',
  );
}

const FORMATS: ReadonlyMap<string, 'events' | 'lines'> = new Map([
  ['text/event-stream', 'events'],
  ['application/x-ndjson', 'lines'],
  ['application/json', 'lines'],
  ['application/*', 'lines'],
  ['text/*', 'events'],
  ['*/*', 'lines'],
]);
