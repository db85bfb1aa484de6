import { STATUS_CODES } from 'node:http';
import { z } from 'zod';
import { described } from '../../domain/described.js';

/** Problem in the form of RFC 9457; see `problem.ts`. */
export const problemSchema = z
  .object({
    type: described(z.string(), 'Path of the kind of problem.', '/problems/job-not-found'),
    title: described(z.string(), 'Meaning of the kind.', 'No job has this id.'),
    status: described(z.int().min(400).max(599), 'Status of the response.', 404),
    detail: described(
      z.string(),
      'What failed, with which input, and what to do.',
      'Job street-1 was not found. List all jobs with GET /api/v1/jobs.',
    ),
    error: described(z.string(), 'Kind of problem in words.', 'job not found'),
    request_id: described(
      z.string(),
      'Id of the request, as in the log and in the header X-Request-Id.',
      '7c1d3a52-9a0e-4a5e-8f1b-2f6f0c8d9b11',
    ),
  })
  .meta({ id: 'Problem', description: 'Error of a request (RFC 9457).' });

/** Problem responses of a route by status; 400, 500 and 503 are always included. */
export function problems(...statuses: readonly number[]) {
  const all = [...new Set([400, ...statuses, 500, 503])];
  return Object.fromEntries(all.map((status) => [status, problemResponse(status)]));
}

/** Problem response; `schema` describes a problem with more fields. */
export function problemResponse(status: number, schema: z.ZodType = problemSchema) {
  return {
    description: STATUS_CODES[status] ?? 'A problem',
    content: { 'application/problem+json': { schema } },
  };
}
