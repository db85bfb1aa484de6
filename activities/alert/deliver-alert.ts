import { cancellationSignal, log } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import type { DeliverAlertInput } from '../../domain/alert/alert-contracts.js';
import { AppError, messageOf } from '../../domain/errors.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import { type ChannelDeps, sendToChannel } from './send-to-channel.js';

export interface DeliverAlertDeps extends ChannelDeps {
  readonly documents: Pick<DocumentStore, 'alerts'>;
}

/** Time for a receiver, in milliseconds. */
const TIMEOUT_MS = 20_000;
/** Status with which a receiver refuses all further alerts. */
const GONE = 410;

const UNKNOWN =
  'The worker ended while the alert was being sent, so it may have arrived. It is not sent again.';

/**
 * Delivers an alert to one of its channels, at most once: an attempt whose outcome is unknown is not
 * repeated. A refusal, and a receiver that cannot be reached, is. Does nothing if the alert was deleted
 * with its job.
 */
export async function deliverAlert(
  deps: DeliverAlertDeps,
  input: DeliverAlertInput,
): Promise<void> {
  const { alerts } = deps.documents;
  const { alert, index, channel } = input;
  const before = await alerts.beginDelivery(alert.alert_id, index);
  if (before === undefined || before === 'sent') return;
  const end = (reason: string | null) => {
    const state = reason === null ? 'sent' : 'failed';
    return alerts.endDelivery(alert.alert_id, index, { at: new Date(), state, reason });
  };
  if (before === 'sending') {
    await end(UNKNOWN);
    throw finalFailure(UNKNOWN);
  }
  const signal = AbortSignal.any([cancellationSignal(), AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    await sendToChannel(deps, input, signal);
  } catch (error) {
    const reason = describeFailure(error);
    await end(reason);
    throw isFinal(error) ? finalFailure(reason) : error;
  }
  await end(null);
  log.info('alert sent', { alert: alert.alert_id, channel: channel.kind });
}

function describeFailure(error: unknown): string {
  const isUnclear = error instanceof AppError && error.facts.sent === true;
  return `${messageOf(error)}${isUnclear ? ' It may have arrived, so it is not sent again.' : ''}`;
}

/** Whether another attempt is useless, or could send the alert twice. */
function isFinal(error: unknown): boolean {
  if (!(error instanceof AppError)) return true;
  return !error.retryable || error.facts.sent !== false || error.facts.status === GONE;
}

function finalFailure(message: string): ApplicationFailure {
  return ApplicationFailure.create({ message, type: 'ALERT_FAILED', nonRetryable: true });
}
