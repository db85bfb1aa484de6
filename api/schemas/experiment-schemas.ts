import { z } from 'zod';
import type { ExperimentDetails } from '../../client/index.js';
import { described } from '../../domain/described.js';
import {
  ARMS,
  ASSIGNMENT_KEYS,
  type Experiment,
  EXPERIMENT_MODES,
  EXPERIMENT_STATUSES,
} from '../../domain/experiment/experiment.js';
import { count, EXAMPLE, modelSchema, next, seconds, time } from './common.js';

const id = described(
  z.string().regex(/^[A-Za-z0-9_-]{1,128}$/, 'expected letters, digits, "_" or "-"'),
  'Id of the experiment.',
  'fish-8bed849eba57',
);
const share = (description: string, example: number) =>
  described(z.number().min(0).max(1), description, example);
const byArm = <T extends z.ZodType>(schema: T) =>
  z.object({
    champion: described(schema, 'Of the version in use.'),
    challenger: described(schema, 'Of the version that is compared with it.'),
  });

export const experimentParams = z.object({ experiment_id: id });

const armSchema = z
  .object({
    model: described(modelSchema, 'Version of the model.'),
    share: share('Share of the predictions that the version runs on.', 0.1),
  })
  .meta({ id: 'ExperimentArm', description: 'One of the two versions of an experiment.' });

const armsSchema = byArm(armSchema).meta({
  ...{ id: 'ExperimentArms', description: 'Versions that are compared.' },
});
const armCounts = z
  .object({
    champion: count('Of the version in use.', 1200),
    challenger: count('Of the version that is compared with it.', 1180),
  })
  .meta({ id: 'ExperimentArmCounts', description: 'Counts of both arms.' });

const countsSchema = z
  .object({
    predictions: described(armCounts, 'Predictions that succeeded.', {
      ...{ champion: 1200, challenger: 1180 },
    }),
    errors: described(armCounts, 'Predictions that failed because of the model.', {
      ...{ champion: 0, challenger: 2 },
    }),
    agreed: count('Images on which both have the same class.', 1100),
    differed: count('Images on which they differ.', 80),
    dropped: count('Images that the challenger did not run on: its queue was full.', 18),
  })
  .meta({ id: 'ExperimentCounts', description: 'Counts of an experiment.' });

const decisionSchema = z
  .object({
    promote: described(z.boolean(), 'Whether the challenger became the champion.', true),
    by: described(z.string(), 'Who decided.', 'anna'),
    reason: described(z.string(), 'Why.', 'fewer misses at night'),
    at: time('Time of the decision.'),
    evidence: described(z.number(), 'Odds of the evidence at that time, to 1.', 41.7),
  })
  .meta({ id: 'ExperimentDecision', description: 'Decision about an experiment.' });

const experimentFields = {
  experiment_id: id,
  serves: described(z.string(), 'Name of the model.', 'fish'),
  mode: described(z.enum(EXPERIMENT_MODES), 'How the challenger runs.', 'shadow'),
  arms: described(armsSchema, 'Both versions.'),
  key: described(z.enum(ASSIGNMENT_KEYS), 'What keeps requests in one arm.', 'header'),
  status: described(z.enum(EXPERIMENT_STATUSES), 'State of the experiment.', 'running'),
  by: described(z.string(), 'Who started it.', 'anna'),
  started_at: time('Time of its start.'),
  ended_at: described(z.iso.datetime().nullable(), 'Time of its end.', EXAMPLE.time),
  decision: described(decisionSchema.nullable(), 'Decision; null without one.'),
  counts: described(
    countsSchema,
    'Counts, which API processes add up every 10 s; a process that crashes loses the last ones.',
  ),
} as const;

export const experimentSchema = z
  .object(experimentFields)
  .meta({ id: 'Experiment', description: 'Comparison of two versions of a model.' });

export const experimentPageSchema = z
  .object({
    experiments: described(z.array(experimentSchema), 'Experiments, newest first.'),
    next,
  })
  .meta({ id: 'ExperimentPage', description: 'Page of the experiments.' });

const answers = {
  labelled: count('Images of the audit sample that people have labelled.', 140),
  right: count('Those of them that the version gets right.', 126),
} as const;
const answersSchema = z
  .object(answers)
  .meta({ id: 'ExperimentAnswers', description: 'Labelled images of an arm.' });

const figuresSchema = z
  .object({
    ...answers,
    predictions: count('Predictions that succeeded.', 1200),
    errors: count('Predictions that failed because of the model.', 0),
    accuracy: described(
      z.object({
        low: share('Lower end.', 0.82),
        high: share('Upper end.', 0.95),
      }),
      'Interval of the accuracy that holds at all times together (97.5 %).',
      { low: 0.82, high: 0.95 },
    ),
    inference_s: described(
      z
        .object({ median: seconds('Median.', 0.021), p95: seconds('95th percentile.', 0.034) })
        .nullable(),
      'Seconds of inference alone, of the newest 5,000 predictions; null without any.',
    ),
  })
  .meta({ id: 'ExperimentFigures', description: 'Figures of an arm.' });

const armFiguresSchema = byArm(figuresSchema).meta({
  ...{ id: 'ExperimentArmFigures', description: 'Figures of both arms.' },
});

const labelCountsSchema = z
  .object({
    images: count('Images of the audit sample.', 80),
    labelled: count('Those of them that people have labelled.', 20),
  })
  .meta({
    id: 'ExperimentLabelCounts',
    description: 'Images of the audit sample and their labels.',
  });

const labelsSchema = z
  .object({
    agree: described(labelCountsSchema, 'Images on which both versions have the same class.'),
    differ: described(labelCountsSchema, 'Images on which they differ.'),
  })
  .meta({
    id: 'ExperimentLabels',
    description:
      'Labels by whether both versions agree. If their shares differ, the accuracies are not those of all images.',
  });

const evidenceSchema = z
  .object({
    ratio: described(z.number(), 'Odds that the accuracies differ, to 1.', 3.2),
    decides_at: described(z.number(), 'Odds that decide: an error of 5 %.', 20),
    decided: described(z.boolean(), 'Whether they are reached.', false),
    leader: described(z.enum(ARMS).nullable(), 'Arm that is ahead.', 'challenger'),
  })
  .meta({
    id: 'ExperimentEvidence',
    description: 'Evidence that both versions differ. It may be looked at at any time.',
  });

const classSchema = z
  .object({
    class: described(z.string(), 'True class.', 'cod'),
    champion: described(answersSchema, 'Of the version in use.'),
    challenger: described(answersSchema, 'Of the version that is compared with it.'),
  })
  .meta({ id: 'ExperimentClass', description: 'Labelled images of a class.' });

const reportSchema = z
  .object({
    evidence: described(evidenceSchema, 'Evidence from the labelled images of the audit sample.'),
    audited: count('Images of the audit sample.', 210),
    labelled: count('Those of them that people have labelled.', 140),
    pairs: described(
      z
        .object({
          wins: count('Labelled images that only the challenger gets right.', 9),
          losses: count('Labelled images that only the champion gets right.', 3),
        })
        .nullable(),
      'Disagreements that are labelled; null for a split.',
      { wins: 9, losses: 3 },
    ),
    agreement: described(
      z.number().nullable(),
      'Share of all images on which both have the same class; null without any.',
      0.93,
    ),
    counts: described(countsSchema, 'Counts of the experiment.'),
    arms: described(armFiguresSchema, 'Figures of both versions.'),
    labels: described(
      labelsSchema.nullable(),
      'Labels of the audit sample; null for a split, whose images have one answer.',
    ),
    classes: described(z.array(classSchema).readonly(), 'Labelled images by their true class.'),
    sample_ratio: described(
      z
        .object({
          keys: described(armCounts, 'Distinct keys of the newest 5,000 predictions.', {
            ...{ champion: 912, challenger: 98 },
          }),
          expected: share('Share of the keys that the challenger should have.', 0.1),
          plausible: described(
            z.boolean(),
            'Whether a correct split has such numbers in all but 1 of 1,000 cases.',
            true,
          ),
        })
        .nullable(),
      'Check of the split; null for a shadow experiment.',
    ),
  })
  .meta({ id: 'ExperimentReport', description: 'Figures of an experiment.' });

export const experimentDetailsSchema = z
  .object({ ...experimentFields, report: described(reportSchema, 'Figures and evidence.') })
  .meta({ id: 'ExperimentDetails', description: 'Experiment with its evidence.' });

/** Returns an experiment as a response has it. */
export function viewExperiment({ started_at, ended_at, decision, ...experiment }: Experiment) {
  return {
    ...experiment,
    started_at: started_at.toISOString(),
    ended_at: ended_at?.toISOString() ?? null,
    decision: decision && { ...decision, at: decision.at.toISOString() },
  };
}

/** Returns an experiment with its evidence as a response has it. */
export function viewDetails({ report, ...experiment }: ExperimentDetails) {
  return { ...viewExperiment(experiment), report };
}
