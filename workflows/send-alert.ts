import type { DeliverAlertInput, SendAlertInput } from '../domain/alert/alert-contracts.js';
import { alertActivities } from './activity-proxies.js';

/** Sends an alert to the channels of its rule, each with retries for 24 hours; a test is sent once. */
export async function SendAlert({ alert, channels }: SendAlertInput): Promise<void> {
  const { deliverAlert } = alertActivities(alert.test);
  const deliver = (input: DeliverAlertInput) =>
    deliverAlert.executeWithOptions({ summary: input.channel.kind }, [input]);
  const ended = await Promise.allSettled(
    channels.map((channel, index) => deliver({ alert, channel, index })),
  );
  const failed = ended.find((each) => each.status === 'rejected');
  if (failed) throw failed.reason;
}
