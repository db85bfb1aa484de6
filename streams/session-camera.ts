import { causeOf, type GapCause } from '../domain/stream/gap.js';
import type { StreamStatus } from '../domain/stream/scenario-contracts.js';
import {
  type CameraDeps,
  type Configuration,
  type RunningCamera,
  type RunningCameraOptions,
  startRunningCamera,
} from './running-camera.js';
import type { SessionLog } from './session-log.js';
import { createStatusBoard } from './status.js';
import type { UnitSource } from './units.js';

export interface SessionCameraOptions extends CameraDeps, Pick<RunningCameraOptions, 'onEnd'> {
  readonly log: SessionLog;
}

/** Camera of a session, which is read by another process if its URL changes. */
export class SessionCamera {
  readonly status = createStatusBoard();
  /** Coded frames of the process that runs when they are requested. */
  readonly units: UnitSource = {
    follow: (fromMs, onUnit) => this.running?.requests.follow(fromMs, onUnit) ?? (() => undefined),
    size: () => this.running?.size,
  };
  private cause: GapCause = causeOf('starting');
  private present: Configuration | undefined;
  private current: RunningCamera | undefined;
  private isClosed = false;

  constructor(private readonly options: SessionCameraOptions) {}

  get configuration(): Configuration | undefined {
    return this.present;
  }

  get running(): RunningCamera | undefined {
    return this.current;
  }

  /** Applies parameters. Another URL is read by a new process. */
  async configure(next: Configuration): Promise<void> {
    const before = this.present;
    this.present = next;
    if (next.cameraUrl === before?.cameraUrl && this.current) {
      this.current.configure(next);
      return;
    }
    if (this.current) {
      await this.current.stop();
      this.cause = causeOf('connecting');
    }
    if (!this.isClosed) this.current = this.start(next);
  }

  /** Continues the ledger of the log. @param cause of the time until the next state. */
  continueBy(cause: GapCause): void {
    this.cause = cause;
    this.current?.continueWith(this.options.log.ledger!, cause);
  }

  read(): StreamStatus {
    return this.status.read(this.options.log.end.next - 1);
  }

  async stop(): Promise<void> {
    await this.current?.stop();
  }

  /** Ends the camera for good. */
  async close(): Promise<void> {
    this.isClosed = true;
    await this.stop();
  }

  private start(configuration: Configuration): RunningCamera {
    const { options, status, cause } = this;
    const { log } = options;
    return startRunningCamera({
      ...{ ...options, configuration, status, cause },
      ledger: log.ledger!, // taken over before
      isFull: log.isFull,
      onStretch: log.append,
    });
  }
}
