import { z } from 'zod';
import { isId } from '../names.js';

const share = z.number().min(0).max(1);
/** Maximum number of members: each is held in memory and runs on every frame. */
export const MEMBERS_MAX = 8;

/** Ways to combine the confidences of classifiers. */
export const CLASS_FUSIONS = ['mean', 'log-mean'] as const;

const memberSchema = z.strictObject({
  name: z.string().refine(isId, 'expected the name of a model'),
  version: z.int().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Influence of the member, relative to the others. */
  weight: z.number().positive(),
});

/** Combination of the members' boxes: weighted boxes fusion. */
const boxFusionSchema = z.strictObject({
  boxes: z.literal('wbf'),
  /** IoU above which two boxes of a class are the same object, 0 to 1. */
  iou: share,
  /** Minimum confidence of a member's box, 0 to 1. */
  member_conf: share,
});

/** Combination of the members' confidences: their arithmetic or their geometric mean. */
const classFusionSchema = z.strictObject({ classes: z.enum(CLASS_FUSIONS) });

/** Output of an ensemble: models that run on the same frame, and how their results are combined. */
export const ensembleOutputSchema = z.strictObject({
  family: z.literal('ensemble'),
  members: z.array(memberSchema).min(2).max(MEMBERS_MAX),
  fuse: z.union([boxFusionSchema, classFusionSchema]),
});

export type EnsembleOutput = z.infer<typeof ensembleOutputSchema>;
export type EnsembleMember = z.infer<typeof memberSchema>;
export type BoxFusion = z.infer<typeof boxFusionSchema>;
export type ClassFusion = z.infer<typeof classFusionSchema>;
