import { cancellationSignal, log } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { AppError } from '../domain/errors.js';
import { eventIdOfWorkflow } from '../domain/hash.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import type { Post } from '../domain/ports/post.js';
import {
  type MessageInput,
  type NotifyInput,
  webhookHeaders,
  type WebhookMessage,
} from '../domain/job/webhook.js';

export interface NotifyWebhookDeps {
  readonly documents: Pick<DocumentStore, 'findEvent'>;
  readonly post: Post;
  /** `whsec_` and a key in base64; undefined if this worker sends no webhooks. */
  readonly webhookSecret: string | undefined;
}

/** Timeout for a receiver; Temporal retries after it. */
const TIMEOUT_MS = 20_000;
/** Status with which a receiver refuses all further webhooks. */
const GONE = 410;

/** Posts the end of a job, or a message, to the URL of a webhook; the body is signed. */
export async function notifyWebhook(
  { documents, post, webhookSecret }: NotifyWebhookDeps,
  input: NotifyInput | MessageInput,
): Promise<void> {
  const { url, message_id: id } = input;
  if (webhookSecret === undefined) throw withoutSecret();
  const message = 'message' in input ? input.message : await messageOf(documents, input);
  const body = JSON.stringify(message);
  const timestamp = Math.floor(Date.now() / 1000);
  const headers = {
    'content-type': 'application/json',
    ...webhookHeaders(webhookSecret, { id, timestamp, body }),
  };
  const signal = AbortSignal.any([cancellationSignal(), AbortSignal.timeout(TIMEOUT_MS)]);
  const status = await post(url, { body, headers, signal });
  log.info('webhook sent', { message: id, status });
  if (status === GONE) throw refused();
  if (status < 200 || status > 299) throw failed(status);
}

async function messageOf(
  documents: NotifyWebhookDeps['documents'],
  { event_id, video_id, workflow_id, status, error, ended_at }: NotifyInput,
): Promise<WebhookMessage> {
  const id = event_id ?? eventIdOfWorkflow(workflow_id);
  const event = await documents.findEvent(id);
  // The event may belong to another job with the same id if this job was refused.
  const eventOfJob = event?.status === status ? event : undefined;
  return {
    type: `job.${status}`,
    timestamp: ended_at,
    data: {
      ...{ event_id: id, video_id: eventOfJob?.video_id ?? video_id, status },
      frames: eventOfJob?.frames_done ?? null,
      skipped: eventOfJob?.skipped ?? null,
      objects: eventOfJob?.objects ?? null,
      error,
      result: eventOfJob?.result ?? null,
    },
  };
}

function withoutSecret(): AppError {
  return new AppError(
    'INVALID_INPUT',
    'Webhooks must be signed, and this worker has no secret. Set VIDETTE_WEBHOOK_SECRET.',
  );
}

function failed(status: number): AppError {
  return new AppError(
    'WEBHOOK_FAILED',
    `The receiver of the webhook replied with status ${status}.`,
  );
}

function refused(): ApplicationFailure {
  const message =
    'The receiver of the webhook replied with status 410: it accepts no more webhooks.';
  return ApplicationFailure.create({ message, type: 'WEBHOOK_FAILED', nonRetryable: true });
}
