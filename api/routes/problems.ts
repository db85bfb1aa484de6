import { z } from 'zod';
import { problems } from '../schemas/problem-schema.js';
import { PROBLEM_KINDS, ProblemError } from '../http/problem.js';
import type { ApiServer } from '../http/api-server.js';

const kindSchema = z.object({ kind: z.string(), status: z.int(), meaning: z.string() });

/** Routes that describe the kinds of problems. */
export function problemRoutes(server: ApiServer): void {
  server.get(
    '/problems',
    {
      config: { open: true },
      schema: {
        tags: ['system'],
        summary: 'Every kind of problem',
        response: { 200: z.array(kindSchema) },
      },
    },
    () => Object.entries(PROBLEM_KINDS).map(([kind, known]) => ({ kind, ...known })),
  );
  server.get(
    '/problems/:kind',
    {
      config: { open: true },
      schema: {
        tags: ['system'],
        summary: 'One kind of problem',
        params: z.object({ kind: z.string() }),
        response: { 200: kindSchema, ...problems(404) },
      },
    },
    ({ params: { kind } }) => {
      const known = PROBLEM_KINDS[kind];
      if (!known)
        throw new ProblemError(
          'not-found',
          `Problem kind "${kind}" does not exist. List all with GET /problems.`,
        );
      return { kind, ...known };
    },
  );
}
