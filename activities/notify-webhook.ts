import { cancellationSignal, log } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { AppError } from '../domain/errors.js';
import { eventIdOfWorkflow } from '../domain/hash.js';
import type { DocumentStore } from '../domain/ports/document-store.js';
import type { Post } from '../domain/ports/post.js';
import { type NotifyInput, webhookHeaders, type WebhookMessage } from '../domain/job/webhook.js';

export interface NotifyWebhookDeps {
  readonly documents: Pick<DocumentStore, 'findEvent'>;
  readonly post: Post;
  /** `whsec_` and a key in base64; undefined where no webhooks are sent. */
  readonly webhookSecret: string | undefined;
}

/** A receiver that has not answered by then is tried again. */
const TIMEOUT_MS = 20_000;
/** By this a receiver says that it wants no more. */
const GONE = 410;

/** Tells an address that a job has ended; the body is signed. */
export async function notifyWebhook(
  { documents, post, webhookSecret }: NotifyWebhookDeps,
  input: NotifyInput,
): Promise<void> {
  const { url, message_id: id } = input;
  if (webhookSecret === undefined) throw withoutSecret();
  const body = JSON.stringify(await messageOf(documents, input));
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
  { event_id, video_id = null, workflow_id, status, error, ended_at }: NotifyInput,
): Promise<WebhookMessage> {
  const id = event_id ?? eventIdOfWorkflow(workflow_id);
  const event = await documents.findEvent(id);
  // A job that was refused may bear the id of another one, of which this tells nothing.
  const own = event?.status === status ? event : undefined;
  return {
    type: `job.${status}`,
    timestamp: ended_at,
    data: {
      ...{ event_id: id, video_id: own?.video_id ?? video_id, status },
      frames: own?.frames_done ?? null,
      skipped: own?.skipped ?? null,
      objects: own?.objects ?? null,
      error,
      result: own?.result ?? null,
    },
  };
}

function withoutSecret(): AppError {
  return new AppError(
    'INVALID_INPUT',
    'This worker has no VIDETTE_WEBHOOK_SECRET, and unsigned webhooks are not sent.',
  );
}

function failed(status: number): AppError {
  return new AppError('WEBHOOK_FAILED', `The receiver of the webhook answered ${status}.`);
}

function refused(): ApplicationFailure {
  const message = 'The receiver of the webhook answered 410: it wants no more.';
  return ApplicationFailure.create({ message, type: 'WEBHOOK_FAILED', nonRetryable: true });
}
