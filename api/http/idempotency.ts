import { z } from 'zod';
import type { Submitted, VidetteClient } from '../../client/index.js';
import { described } from '../../domain/described.js';
import { canonicalJson, sha256 } from '../../domain/hash.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import { ProblemError } from './problem.js';
import type { SubmittedJob } from '../schemas/job-schemas.js';

/** Headers of a route that creates something once per idempotency key. */
export const idempotencyHeaders = z.object({
  'idempotency-key': described(
    z.string().min(1).max(255).optional(),
    'Key of the request, kept for a day: a repeated request with it returns the same job.',
    '5d3c9a1e-order-17',
  ),
});

interface Request {
  /** Id of the API key of the caller: callers do not share idempotency keys. */
  readonly caller: string | undefined;
  /** Idempotency key of the caller; without one, a repeated request is a new request. */
  readonly key: string | undefined;
  /** Content of the request. */
  readonly content: unknown;
}

/**
 * Submits a job, or returns the one that was submitted with this key.
 * @param make receives a token that is the same for each attempt with this key.
 * @throws ProblemError `conflict` if the key was used for a different request.
 */
export async function submitOnce(
  { client, documents }: { readonly client: VidetteClient; readonly documents: DocumentStore },
  { caller, key, content }: Request,
  make: (token: string | undefined) => Promise<Submitted>,
): Promise<SubmittedJob> {
  if (key === undefined) return make(undefined);
  const token = sha256(caller === undefined ? key : canonicalJson([caller, key]));
  const digest = sha256(canonicalJson(content));
  const kept = await documents.claimRequest(token, digest);
  if (kept.content !== digest) throw keyConflict(key);
  if (kept.event_id !== null) return findFormerJob(client, kept.event_id);
  const submitted = await make(token);
  await documents.settleRequest(token, submitted.event_id);
  return submitted;
}

async function findFormerJob(client: VidetteClient, eventId: string): Promise<SubmittedJob> {
  const { event_id, video_id, workflow_id, run_id } = await client.job(eventId);
  return { event_id, video_id, workflow_id, run_id, started: false };
}

function keyConflict(key: string): ProblemError {
  return new ProblemError(
    'conflict',
    `The Idempotency-Key ${JSON.stringify(key)} was already used for a different request. Use a new key.`,
  );
}
