import { createHmac } from 'node:crypto';
import type { ClosedStatus } from './job-status.js';

/** Input of the workflow `NotifyWebhook` and of its activity for the end of a job. */
export interface NotifyInput {
  readonly url: string;
  /** The same for each attempt, so that receivers can ignore duplicates. */
  readonly message_id: string;
  /** As the job was given it; null for one that was started without. */
  readonly event_id: string | null;
  /** The job's video_id; null if its input has none. */
  readonly video_id: string | null;
  readonly workflow_id: string;
  readonly status: ClosedStatus;
  readonly error: string | null;
  /** ISO 8601, when the job ended. */
  readonly ended_at: string;
}

/** Input of the workflow `NotifyWebhook` and of its activity for a message that is given. */
export interface MessageInput {
  readonly url: string;
  /** The same for each attempt, so that receivers can ignore duplicates. */
  readonly message_id: string;
  /** Body of the webhook. */
  readonly message: { readonly type: string; readonly timestamp: string; readonly data: object };
}

/** Body of the webhook of a job. */
export interface WebhookMessage {
  /** @example 'job.ready' */
  readonly type: `job.${ClosedStatus}`;
  readonly timestamp: string;
  readonly data: {
    readonly event_id: string;
    readonly video_id: string | null;
    readonly status: ClosedStatus;
    readonly frames: number | null;
    readonly skipped: number | null;
    readonly objects: number | null;
    readonly error: string | null;
    readonly result: { readonly bucket: string; readonly key: string } | null;
  };
}

const SECRET_PREFIX = 'whsec_';
/** `whsec_` and 24 to 64 bytes in base64. */
export const WEBHOOK_SECRET = /^whsec_[A-Za-z0-9+/]{32,88}={0,2}$/;

/** Content of a signature. */
export interface SignedContent {
  readonly id: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly body: string;
}

/**
 * Headers of a signed webhook in the form of Standard Webhooks 1.0.0: HMAC-SHA256 over
 * `{id}.{timestamp}.{body}`, in base64.
 * @param secret `whsec_` and the key in base64.
 */
export function webhookHeaders(secret: string, { id, timestamp, body }: SignedContent) {
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': `v1,${signature}`,
  };
}
