import { hasCode } from '../domain/errors.js';
import { causeOf } from '../domain/stream/gap.js';
import type { LogEnd } from '../domain/stream/ledger.js';
import {
  type AlertServices,
  type ScenarioAlerts,
  startScenarioAlerts,
} from './alerts/scenario-alerts.js';
import type { AttachOptions } from './camera-host.js';
import type { CameraDeps, Configuration } from './running-camera.js';
import type { ScenarioLogOptions } from './scenario-log.js';
import {
  type EventServices,
  type ScenarioEvents,
  startScenarioEvents,
} from './events/scenario-events.js';
import { SessionCamera } from './session-camera.js';
import { SessionLog } from './session-log.js';

export interface SessionDeps
  extends CameraDeps, Pick<ScenarioLogOptions, 'log' | 'folder' | 'room'> {
  readonly events: EventServices;
  readonly alerts: AlertServices;
  /** Folder of the clips of the scenario, until they are stored. */
  readonly clipsFolder: string;
  /** Reports that the session has ended, with the error that ended it. */
  readonly onClosed: (error?: unknown) => void;
}

/** One scenario on this host, from the first attachment to the end: its camera, log and events. */
export class CameraSession {
  readonly camera: SessionCamera;
  readonly log: SessionLog;
  private events: ScenarioEvents | undefined;
  private alerts: ScenarioAlerts | undefined;
  private isClosed = false;
  /** Whether the file of the scenario has ended, and all of it is stored. */
  hasEnded = false;
  /** Whether the session is ending: another one must be opened after it has closed. */
  isEnding = false;
  private readonly closing = Promise.withResolvers<void>();

  constructor(private readonly deps: SessionDeps) {
    this.log = new SessionLog({
      ...deps,
      onMade: (entries) => {
        deps.meter.made(entries);
        this.events?.made(entries);
      },
      onTakenOver: (error) => void this.close(error),
    });
    const { log } = this;
    this.camera = new SessionCamera({ ...deps, log, onEnd: (error) => void this.endBy(error) });
  }

  /** Takes the log over, and starts the camera or adopts it. */
  async attach(options: AttachOptions): Promise<void> {
    try {
      const end = await this.log.takeOver(options);
      this.events ??= this.startEvents(end, options);
      this.alerts ??= this.startAlerts(options);
      const cause = this.log.continueFrom(end, options);
      if (cause) this.camera.continueBy(cause);
    } catch (error) {
      if (hasCode(error, 'SCENARIO_TAKEN_OVER')) await this.close(error);
      throw error;
    }
    await this.configure(options);
    void this.log.removeOld(options.epoch);
  }

  async configure(next: Configuration): Promise<void> {
    this.log.configure(next.scenario);
    this.events?.configure(next.scenario);
    this.alerts?.configure(next.scenario);
    await this.camera.configure(next);
  }

  /**
   * Ends the camera, accounts for the time until now, and stores everything.
   * @param error error for which the session ends.
   * @throws AppError if the store is unavailable for too long: the rest stays in the journal.
   */
  async finish(reason: FinishReason, error?: unknown): Promise<LogEnd> {
    if (this.isClosed) return this.log.end;
    this.isEnding = true;
    await this.camera.stop();
    const { state, cause } = FINAL[reason];
    // A file accounts for its own time.
    if (reason !== 'ended') this.camera.running?.finish(cause);
    this.camera.status.change(state, cause.message, Date.now());
    try {
      await this.log.finish(reason === 'ended' ? Infinity : STORE_MS);
    } catch (failure) {
      await this.close(error ?? failure);
      throw failure;
    }
    this.events?.ended(await this.log.endTracks());
    await Promise.all([this.events?.close(true), this.alerts?.close()]);
    this.hasEnded = reason === 'ended';
    await this.close(error);
    return this.log.end;
  }

  /** Ends the camera; what is not stored stays in the journal of this host. */
  async close(error?: unknown): Promise<void> {
    if (this.isClosed) return this.closed;
    this.isClosed = this.isEnding = true;
    this.log.stop();
    await this.camera.close();
    await Promise.all([this.events?.close(false), this.alerts?.close()]);
    this.log.close();
    this.deps.onClosed(error);
    this.closing.resolve();
  }

  get closed(): Promise<void> {
    return this.closing.promise;
  }

  private startEvents(end: LogEnd, { scenario, absences = [] }: AttachOptions): ScenarioEvents {
    const { deps, log, camera } = this;
    return startScenarioEvents({
      ...{ ...deps, scenario, end, units: camera.units, commits: log.commits },
      ...{ services: deps.events, folder: deps.clipsFolder },
      // Before it was paused or started again, its events were ended.
      isContinued: !absences.some(({ reason }) => reason === 'paused' || reason === 'ended'),
      readStatus: () => camera.read(),
    });
  }

  private startAlerts({ scenario }: AttachOptions): ScenarioAlerts {
    const { deps, log, camera } = this;
    const { objects } = deps.events;
    return startScenarioAlerts({
      ...{ ...deps, scenario, units: camera.units, commits: log.commits },
      services: { ...deps.alerts, objects },
      readStatus: () => camera.read(),
    });
  }

  /** Ends the session because its file has ended, or its input is wrong. */
  private async endBy(error: unknown): Promise<void> {
    const reason = error === undefined ? 'ended' : 'stopped';
    // An error of the store ends the session too.
    await this.finish(reason, error).catch(() => undefined);
  }
}

const FINAL = {
  paused: { state: 'paused', cause: causeOf('paused') },
  yielded: { state: 'waiting', cause: causeOf('waiting_slot') },
  stopped: { state: 'stopped', cause: causeOf('ended', 'The scenario was stopped.') },
  ended: { state: 'ended', cause: causeOf('ended', 'The file has ended.') },
} as const;

type FinishReason = keyof typeof FINAL;

/** Time for which rows that remain at the end of a scenario are sent to the store, in ms. */
const STORE_MS = 60_000;
