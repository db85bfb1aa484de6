import type { NotifyInput } from '../domain/job/webhook.js';
import { webhookActivities } from './activity-proxies.js';

/** Tells the end of a job, again and again for a day; the job itself does not wait for it. */
export async function NotifyWebhook(input: NotifyInput): Promise<void> {
  await webhookActivities.notifyWebhook.executeWithOptions({ summary: input.status }, [input]);
}
