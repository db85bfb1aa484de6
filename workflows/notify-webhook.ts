import type { MessageInput, NotifyInput } from '../domain/job/webhook.js';
import { webhookActivities } from './activity-proxies.js';

/** Sends the webhook of a job that has ended, or a message, with retries for 24 hours. */
export async function NotifyWebhook(input: NotifyInput | MessageInput): Promise<void> {
  const summary = 'message' in input ? input.message.type : input.status;
  await webhookActivities.notifyWebhook.executeWithOptions({ summary }, [input]);
}
