import { z } from 'zod';
import { PROBLEM_KINDS } from './problem.js';

/** A problem as the API's description shows it; see `api/problem.ts`. */
export const problemSchema = z
  .object({
    type: z.string().describe('Reference of the kind of problem'),
    title: z.string(),
    status: z.int(),
    detail: z.string().describe('What happened, with which input, and what to do'),
    error: z.string().describe('The short text that older clients look for'),
    request_id: z.string(),
  })
  .meta({ id: 'Problem' });

/**
 * The responses of a route that can end with problems of these statuses.
 * @example response: { 200: schema, ...problems(400, 422) }
 */
export function problems<Status extends number>(...statuses: readonly Status[]) {
  const entries = statuses.map((status) => {
    const kinds = Object.entries(PROBLEM_KINDS).filter(([, kind]) => kind.status === status);
    return [
      status,
      {
        description: kinds.map(([name]) => name).join(', '),
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    ] as const;
  });
  return Object.fromEntries(entries) as Record<Status, (typeof entries)[number][1]>; // one for each
}
