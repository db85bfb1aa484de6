import type { NotifyInput } from '../domain/job/webhook.js';
import { webhookActivities } from './activity-proxies.js';

/** Sends the webhook of a job that has ended, with retries for 24 hours. */
export async function NotifyWebhook(input: NotifyInput): Promise<void> {
  await webhookActivities.notifyWebhook.executeWithOptions({ summary: input.status }, [input]);
}
