import { z } from 'zod';
import { described } from '../../domain/described.js';
import { problems } from '../schemas/problem-schema.js';
import { PROBLEM_KINDS, ProblemError } from '../http/problem.js';
import type { ApiServer } from '../http/api-server.js';

const kind = described(z.string(), 'Kind of problem.', 'job-not-found');
const kindSchema = z
  .object({
    kind,
    status: described(z.int().min(400).max(599), 'Status of the response.', 404),
    meaning: described(z.string(), 'Meaning of the kind.', 'No job has this id.'),
  })
  .meta({ id: 'ProblemKind', description: 'Kind of problem.' });

/** Routes that describe the kinds of problems. */
export function problemRoutes(server: ApiServer): void {
  server.get(
    '/problems',
    {
      config: { open: true },
      schema: {
        tags: ['system'],
        operationId: 'listProblemKinds',
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
        operationId: 'getProblemKind',
        summary: 'One kind of problem',
        params: z.object({ kind }),
        response: { 200: kindSchema, ...problems(404) },
      },
    },
    ({ params: { kind } }) => {
      // A name of Object's prototype is not a kind.
      const known = Object.hasOwn(PROBLEM_KINDS, kind) ? PROBLEM_KINDS[kind] : undefined;
      if (!known)
        throw new ProblemError(
          'not-found',
          `Problem kind "${kind}" does not exist. List all with GET /problems.`,
        );
      return { kind, ...known };
    },
  );
}
