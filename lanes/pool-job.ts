import { modelBehaviourHash } from '../domain/hash.js';
import type { LocalModel } from '../domain/ports/model-registry.js';

/** The part of a job that a pool reads; the rest is for the lane. */
export interface PoolJob {
  readonly model: LocalModel;
  /** Whether the lane must hold no other job at the same time. */
  readonly alone?: boolean;
}

/** A job of a pool and its caller. */
export interface Ticket<Job extends PoolJob, Result> {
  readonly id: number;
  readonly job: Job;
  readonly onFrames: (done: number) => void;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: unknown) => void;
}

/** Keys by manifest: jobs share manifests, and hashing one is slow. */
const modelKeys = new WeakMap<LocalModel['manifest'], string>();

/** Key that distinguishes models: two versions may share bytes but differ in how they are used. */
export function modelKeyOf({ manifest }: Pick<LocalModel, 'manifest'>): string {
  const cached = modelKeys.get(manifest);
  if (cached !== undefined) return cached;
  const modelKey = `${manifest.name}@${manifest.version} ${modelBehaviourHash(manifest)}`;
  modelKeys.set(manifest, modelKey);
  return modelKey;
}
