import { STATUS_CODES } from 'node:http';
import { z } from 'zod';

/** A problem as RFC 9457 wants it told; see `problem.ts`. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  detail: z.string(),
  error: z.string(),
  request_id: z.string(),
});

/** Responses of a route that are problems, by status; each route gives 400, 500 and 503 too. */
export function problems(...statuses: readonly number[]) {
  const all = [...new Set([400, ...statuses, 500, 503])];
  return Object.fromEntries(all.map((status) => [status, problemResponse(status)]));
}

/** One of them; of a problem that tells more, `schema` says what. */
export function problemResponse(status: number, schema: z.ZodType = problemSchema) {
  return {
    description: STATUS_CODES[status] ?? 'A problem',
    content: { 'application/problem+json': { schema } },
  };
}
