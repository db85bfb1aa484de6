import type { Alert, AlertChannel, AlertPage } from '../../api/types.js';
import { getJson, postJson } from './request.js';

const PATH = '/api/v1/alerts';

/** Selects alerts; an alert must match every given field. */
export interface AlertFilter {
  readonly job?: string | undefined;
  readonly rule?: string | undefined;
}

/** Reads a page of alerts, the newest first. */
export function listAlerts(
  { job, rule }: AlertFilter,
  cursor: string | undefined,
  signal: AbortSignal,
): Promise<AlertPage> {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ job, rule, cursor }))
    if (value !== undefined) query.set(name, value);
  return getJson<AlertPage>(`${PATH}${query.size > 0 ? `?${query}` : ''}`, signal);
}

/** Sends a test to a channel, and resolves with its outcome. */
export const testChannel = (channel: AlertChannel) => postJson<Alert>(`${PATH}/test`, { channel });

/** URL of the frame of an alert. */
export const snapshotUrl = ({ alert_id }: Pick<Alert, 'alert_id'>) =>
  `${PATH}/${encodeURIComponent(alert_id)}/snapshot.jpg`;
