import { checkedUrl, expectPublic } from '../adapters/download/checked-url.js';
import type { Config } from '../config/index.js';
import type { AlertChannel } from '../domain/alert/alert-rule.js';
import { AppError } from '../domain/errors.js';
import type { JobRequest } from '../domain/job/job-input.js';

/** Rejects webhooks of a job that could not be sent: of its end, and of its alerts. */
export function checkWebhooks(
  { webhook, alerts = [] }: Pick<JobRequest, 'webhook' | 'alerts'>,
  config: Pick<Config, 'webhook' | 'download'>,
): void {
  checkWebhook(webhook, config);
  for (const channel of alerts.flatMap(({ channels }) => channels)) checkChannel(channel, config);
}

/** Rejects a channel whose webhook could not be sent. */
export function checkChannel(
  channel: AlertChannel,
  config: Pick<Config, 'webhook' | 'download'>,
): void {
  if (channel.kind === 'webhook') checkWebhook(channel, config);
}

/**
 * Rejects a webhook that could not be sent, before its job starts.
 * @throws AppError `INVALID_INPUT` without a signing secret, `URL_FORBIDDEN`.
 */
export function checkWebhook(
  webhook: JobRequest['webhook'],
  config: Pick<Config, 'webhook' | 'download'>,
): void {
  if (!webhook) return;
  if (config.webhook.secret === undefined) {
    throw new AppError(
      'INVALID_INPUT',
      'VIDETTE_WEBHOOK_SECRET, which signs webhooks, is not set. Set it for the API and the workers, or omit the webhook.',
    );
  }
  const url = checkedUrl(webhook.url, config.download.schemes);
  if (!config.download.allowPrivateAddresses) expectPublic(url);
}
