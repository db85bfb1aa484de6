import { isAlertId } from '../../domain/alert/alert-document.js';
import { type AlertChannel, alertChannelSchema } from '../../domain/alert/alert-rule.js';
import { AppError } from '../../domain/errors.js';
import { listProblems } from '../../domain/schema-problems.js';
import type { VidetteClientDeps } from '../deps.js';
import { PAGE_LIMIT } from '../paging.js';
import {
  type Alert,
  type AlertPage,
  type AlertsOptions,
  decodePlace,
  encodePlace,
  toAlert,
} from './alert-view.js';
import { sendTest } from './send-test.js';

/** Log of alerts. */
export interface Alerts {
  /** Returns a page of the alerts that were sent or suppressed, the newest first. */
  list(options?: AlertsOptions): Promise<AlertPage>;
  /** Reads the JPEG of an alert; undefined if it has none. */
  snapshot(alertId: string): Promise<Buffer | undefined>;
  /**
   * Sends a test to a channel and waits for up to 30 s; the alert has the outcome. It stays in the log.
   * @throws AppError `INVALID_INPUT` for an invalid channel.
   */
  test(channel: AlertChannel): Promise<Alert>;
}

type Deps = Pick<VidetteClientDeps, 'documents' | 'objects' | 'temporal'>;

/** Creates the part of a client for alerts. */
export function createAlerts(deps: Deps): Alerts {
  return {
    list: (options) => listAlerts(deps, options),
    snapshot: (alertId) => readSnapshot(deps, alertId),
    test: async (channel) => toAlert(await sendTest(deps, parseChannel(channel))),
  };
}

async function listAlerts(
  { documents }: Deps,
  { limit = PAGE_LIMIT, cursor, job, stream, rule }: AlertsOptions = {},
): Promise<AlertPage> {
  const after = cursor === undefined ? undefined : decodePlace(cursor);
  const filter = { eventId: job, scenarioUuid: stream, rule, after };
  const found = await documents.alerts.list({ ...filter, limit: limit + 1 });
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return { alerts: page.map(toAlert), next: last ? encodePlace(last) : null };
}

async function readSnapshot({ documents, objects }: Deps, alertId: string) {
  if (!isAlertId(alertId)) return undefined;
  const snapshot = (await documents.alerts.find(alertId))?.snapshot;
  return snapshot ? objects.find(snapshot.bucket, snapshot.key) : undefined;
}

function parseChannel(channel: AlertChannel): AlertChannel {
  const { data, error } = alertChannelSchema.safeParse(channel);
  if (data) return data;
  const problems = listProblems(error, 'channel').join('; ');
  throw new AppError('INVALID_INPUT', `Invalid channel: ${problems}`);
}
