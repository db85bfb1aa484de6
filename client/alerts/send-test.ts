import { randomUUID } from 'node:crypto';
import { type AlertDocument, newDelivery } from '../../domain/alert/alert-document.js';
import type { AlertChannel } from '../../domain/alert/alert-rule.js';
import { toFacts } from '../../domain/alert/raise-alert.js';
import { VIDEO_QUEUE } from '../../domain/job/task-queues.js';
import { SEND_ALERT } from '../../domain/names.js';
import { callTemporal } from '../../domain/temporal-unavailable.js';
import { alertWorkflowIdOf } from '../../domain/workflow-ids.js';
import type { SendAlert } from '../../workflows/index.js';
import type { VidetteClientDeps } from '../deps.js';

/** Time after which a test is returned as it is. */
const TIMEOUT_MS = 30_000;

type Deps = Pick<VidetteClientDeps, 'documents' | 'temporal'>;

/** Sends a test to a channel by the workers that send alerts, and returns it with its outcome. */
export async function sendTest(
  { documents, temporal }: Deps,
  channel: AlertChannel,
): Promise<AlertDocument> {
  const alert = newTest(channel);
  await documents.alerts.insert(alert);
  const input = { alert: toFacts(alert), channels: [channel] };
  await callTemporal(temporal, async () => {
    const handle = await temporal.workflow.start<typeof SendAlert>(SEND_ALERT, {
      ...{ taskQueue: VIDEO_QUEUE, args: [input] },
      workflowId: alertWorkflowIdOf(alert.alert_id),
    });
    // The log has the outcome, also that of a failure.
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    await temporal.withAbortSignal(timeout, () => handle.result()).catch(() => undefined);
  });
  return (await documents.alerts.find(alert.alert_id)) ?? alert;
}

function newTest(channel: AlertChannel): AlertDocument {
  return {
    ...{ alert_id: `test.${channel.kind}.${randomUUID()}`, created_at: new Date(), test: true },
    ...{ event_id: null, video_id: null, scenario_uuid: null, rule: 'test', zone: null },
    ...{ started_ms: 0, at_ms: 0, frame: 0, classes: [], confidence: 0, objects: 0 },
    ...{ suppressed: null, snapshot: null, link: null },
    deliveries: [newDelivery(channel)],
  };
}
