import { STATUS_CODES } from 'node:http';
import { z } from 'zod';

/** Problem in the form of RFC 9457; see `problem.ts`. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  error: z.string(),
  request_id: z.string(),
});

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
