import { messageOf } from '../../domain/errors.js';
import type { AlertSender } from '../../domain/ports/alert-sender.js';
import type { AlertStore } from '../../domain/ports/alert-store.js';
import { createLogReader } from '../../domain/stream/log/read-log.js';
import type { ScenarioInput } from '../../domain/stream/scenario-input.js';
import type { ScenarioEventsOptions } from '../events/scenario-events.js';
import { takeSnapshot } from '../live/snapshot.js';
import { type AlertRecorder, createAlertRecorder } from './alert-recorder.js';

/** What the alerts of all cameras of a host need. */
export interface AlertServices {
  readonly alerts: AlertStore;
  readonly alertSender: AlertSender;
  /** URL of the page, without a slash at its end. */
  readonly pageUrl: string | undefined;
}

interface ScenarioAlertsOptions extends Pick<
  ScenarioEventsOptions,
  'scenario' | 'log' | 'units' | 'commits' | 'settings' | 'logger' | 'readStatus'
> {
  readonly services: AlertServices & Pick<ScenarioEventsOptions['services'], 'objects'>;
}

/** Alerts of a camera that runs on this host. */
export interface ScenarioAlerts {
  configure(scenario: ScenarioInput): void;
  close(): Promise<void>;
}

/** Time of rows that are compared although no process saw them when they were stored, in s. */
const RECALL_S = 600;

/** Compares the stored rows of a scenario with its rules, while it has some. */
export function startScenarioAlerts(options: ScenarioAlertsOptions): ScenarioAlerts {
  let open: { readonly recorder: AlertRecorder; readonly stop: () => void } | undefined;
  const close = async () => {
    const closed = open;
    open = undefined;
    closed?.stop();
    await closed?.recorder.close();
  };
  const configure = (scenario: ScenarioInput) => {
    if (!scenario.alerts?.length) return void close();
    if (open) return open.recorder.configure(scenario);
    const recorder = openRecorder({ ...options, scenario });
    open = { recorder, stop: options.commits.follow(recorder.add) };
  };
  configure(options.scenario);
  return { configure, close };
}

function openRecorder(options: ScenarioAlertsOptions): AlertRecorder {
  const { services, settings, scenario, log, units, logger } = options;
  const lastRow = () => options.readStatus().frame_number;
  const recall = async (after: number) => {
    const oldest = lastRow() - Math.ceil(RECALL_S * scenario.fps);
    const rows = [];
    for await (const { entries } of createLogReader(log, Math.max(after, oldest, 0)).readNew())
      rows.push(...entries);
    return rows;
  };
  return createAlertRecorder({
    ...{ ...services, scenario, recall, lastRow: lastRow(), size: () => units.size() },
    snapshot: (atMs) => takeSnapshot(units, settings, atMs),
    onFailure: (error) =>
      logger.warn({ reason: messageOf(error) }, 'an alert is not stored or sent, trying again'),
  });
}
