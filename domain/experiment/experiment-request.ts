import { z } from 'zod';
import { described } from '../described.js';
import { AppError } from '../errors.js';
import { isId } from '../names.js';
import { listProblems } from '../schema-problems.js';
import { ASSIGNMENT_KEYS, EXPERIMENT_MODES } from './experiment.js';

const version = z.int().min(1);

/** Request for an experiment. */
export const experimentRequestSchema = z
  .strictObject({
    model: described(
      z.string().refine(isId, 'expected a model name of letters, digits, "_" or "-"'),
      'Name of the model.',
      'fish',
    ),
    challenger: described(version, 'Version that is compared with the one in use.', 4),
    champion: described(
      version.optional(),
      'Version in use. Default: the one that POST /predict uses.',
      3,
    ),
    mode: described(
      z.enum(EXPERIMENT_MODES).default('shadow'),
      '`shadow`: the challenger runs on images that the champion has answered, and its answers are not sent. `split`: it answers its share of the requests.',
      'shadow',
    ),
    share: described(
      z.number().gt(0).max(1).optional(),
      'Share of the predictions that the challenger runs on. Default: 1 in the shadow, 0.1 in a split. Images of the audit sample are always run in the shadow.',
      0.1,
    ),
    key: described(
      z.enum(ASSIGNMENT_KEYS).default('header'),
      'What keeps requests in one arm: the header X-Vidette-Subject, else the API key, else the image (`image`). `api-key` and `image` leave out those before.',
      'header',
    ),
  })
  .meta({ id: 'ExperimentRequest', description: 'Experiment to start.' });

export type ExperimentRequest = z.input<typeof experimentRequestSchema>;
export type ParsedExperimentRequest = z.output<typeof experimentRequestSchema>;

/** Decision of a person about a challenger. */
export const experimentDecisionSchema = z
  .strictObject({
    promote: described(z.boolean(), 'Whether the challenger becomes the champion.', true),
    reason: described(z.string().trim().min(1).max(1000), 'Why.', 'fewer misses at night'),
  })
  .meta({ id: 'ExperimentDecisionRequest', description: 'Decision about a challenger.' });

/** @throws AppError `INVALID_INPUT` that names each invalid field. */
export function parseExperiment<T>(schema: z.ZodType<T>, what: string, given: unknown): T {
  const { data, error } = schema.safeParse(given);
  if (!error) return data;
  throw new AppError('INVALID_INPUT', `Invalid ${what}: ${listProblems(error).join('; ')}`);
}
