import { log } from '@temporalio/activity';
import type { CheckAlertsInput, CheckedAlerts } from '../../domain/alert/alert-contracts.js';
import { alertIdOf, momentLink, snapshotOf } from '../../domain/alert/alert-document.js';
import { type AlertRule, alertRulesSchema } from '../../domain/alert/alert-rule.js';
import { type Incident, watchAlerts } from '../../domain/alert/alert-watch.js';
import { raiseAlert } from '../../domain/alert/raise-alert.js';
import { AppError } from '../../domain/errors.js';
import { frameJpeg } from '../../domain/job/frame-jpeg.js';
import type { AlertSender } from '../../domain/ports/alert-sender.js';
import type { DocumentStore } from '../../domain/ports/document-store.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import { type Beat, withHeartbeat } from '../heartbeat.js';
import { partsInOrder } from '../parts-in-order.js';
import type { PlanReader } from '../plan-reader.js';
import { createAlertStates } from './alert-state.js';

export interface CheckAlertsDeps {
  readonly objects: ObjectStore;
  readonly documents: Pick<DocumentStore, 'alerts'>;
  readonly plans: Pick<PlanReader, 'read'>;
  readonly alertSender: AlertSender;
}

/**
 * Compares the stored ranges of a job with its rules, logs the alerts, and starts those that are due.
 * Can be repeated: the same ranges make the same alerts, which are logged and started once. Without a
 * state of the range before, the comparison begins at the first range.
 */
export async function checkAlerts(
  deps: CheckAlertsDeps,
  input: CheckAlertsInput,
): Promise<CheckedAlerts> {
  return withHeartbeat((beat) => compareRanges(deps, input, beat));
}

async function compareRanges(
  deps: CheckAlertsDeps,
  input: CheckAlertsInput,
  { signal, report }: Beat,
): Promise<CheckedAlerts> {
  const { event_id, from, to } = input;
  const counts = { due: 0, suppressed: 0 };
  const rules = alertRulesSchema.parse(input.rules);
  const states = createAlertStates(deps.objects, event_id, rules);
  if (await states.read(to - 1)) return counts; // an earlier attempt was done
  const plan = await deps.plans.read(input.plan_key);
  const known = from > 0 ? await states.read(from - 1) : undefined;
  const instant = Date.parse(input.created_at);
  const watch = watchAlerts({
    ...{ rules, size: plan.video.size, instantOf: () => instant },
    ...(known && { state: known }),
  });
  const ranges = Array.from({ length: to }, (_, range) => range).slice(known ? from : 0);
  for await (const [range, part] of partsInOrder(deps.objects, plan, ranges)) {
    if (!part) throw missingPart(event_id, range);
    for (const { frame, timestamp_ms, objects } of part.rows) {
      for (const incident of watch.add({ frame, at_ms: timestamp_ms, objects })) {
        signal.throwIfAborted();
        await raise(deps, input, ruleOf(rules, incident), incident);
        counts[incident.suppressed === null ? 'due' : 'suppressed']++;
      }
    }
    report({ range });
  }
  signal.throwIfAborted();
  await states.write(to - 1, watch.state());
  log.info('alerts checked', { event: event_id, ranges: to, ...counts });
  return counts;
}

function ruleOf(rules: readonly AlertRule[], { rule }: Incident): AlertRule {
  return rules.find(({ name }) => name === rule)!; // an incident names its rule
}

/** Logs an alert with its frame, and starts it if it is due. */
async function raise(
  { objects, documents, alertSender }: CheckAlertsDeps,
  input: CheckAlertsInput,
  rule: AlertRule,
  { n, ...incident }: Incident,
): Promise<void> {
  const { event_id, video_id, page_url } = input;
  const isDue = incident.suppressed === null;
  const jpeg = isDue ? await frameJpeg(objects, event_id, incident.frame) : undefined;
  const place = jpeg && snapshotOf(event_id, { rule: incident.rule, n });
  if (place) await objects.put(place.bucket, place.key, jpeg, { contentType: 'image/jpeg' });
  await raiseAlert({ alerts: documents.alerts, alertSender }, rule, {
    ...incident,
    ...{ alert_id: alertIdOf({ event_id }, incident.rule, n), created_at: new Date() },
    ...{ event_id, video_id, scenario_uuid: null, snapshot: place ?? null },
    link: page_url === undefined ? null : momentLink(page_url, event_id, incident.at_ms),
  });
}

function missingPart(eventId: string, range: number): AppError {
  return new AppError('INCOMPLETE_RESULT', `Job ${eventId} has no detections of range ${range}.`, {
    event_id: eventId,
  });
}
