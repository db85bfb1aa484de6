import { AppError } from '../domain/errors.js';
import { canonicalJson } from '../domain/hash.js';
import type { Size } from '../domain/result/detection.js';
import { clipBeforeMs } from '../domain/stream/events/clip-before.js';
import { causeOf, type GapCause } from '../domain/stream/gap.js';
import type { StreamMeter } from '../domain/ports/meters.js';
import type { Ledger } from '../domain/stream/ledger.js';
import type { NumberedStretch } from '../domain/stream/log/segment.js';
import type { Logger } from '../runtime/logger.js';
import type { AttachOptions } from './camera-host.js';
import { type CameraRequests, createCameraRequests } from './camera-requests.js';
import { type CameraRunnerOptions, type PixelOwner, startCamera } from './camera-runner.js';
import type { LaneTurns } from './lane-turns.js';
import type { CameraParameters, CameraSettings, FromCamera } from './protocol.js';
import type { DetectFrame } from './frame-detector.js';
import { createRowMaker } from './row-maker.js';
import type { StatusBoard } from './status.js';

/** What all cameras of a host share, and where the files of this one are. */
export interface CameraDeps extends Pick<
  CameraRunnerOptions,
  'command' | 'lockFile' | 'pixelsFolder'
> {
  readonly settings: CameraSettings;
  readonly turns: LaneTurns;
  readonly detect: DetectFrame;
  readonly meter: StreamMeter;
  readonly logger: Logger;
}

/** Scenario of a camera, its model, and the URL with its credentials. */
export type Configuration = Pick<AttachOptions, 'scenario' | 'model' | 'cameraUrl'>;

export interface RunningCameraOptions extends CameraDeps {
  readonly configuration: Configuration;
  readonly ledger: Ledger;
  /** Cause of the time before the first state of the camera. */
  readonly cause: GapCause;
  readonly status: StatusBoard;
  readonly isFull: () => boolean;
  readonly onStretch: (stretch: NumberedStretch) => void;
  /** Reports that the file has ended, or that the input of the scenario is wrong. */
  readonly onEnd: (error?: AppError) => void;
}

/** A camera whose process runs, and the rows that are made of it. */
export interface RunningCamera {
  readonly requests: CameraRequests;
  /** Size of the frames, in pixels; undefined before the first one. */
  readonly size: Size | undefined;
  configure(configuration: Configuration): void;
  /** Continues another log, from its end. */
  continueWith(ledger: Ledger, cause: GapCause): void;
  /** Accounts for the time until now, while the camera is live by the given cause. */
  finish(cause: GapCause): void;
  /** Ends the process, and waits for the frames that have arrived. */
  stop(): Promise<void>;
}

export function startRunningCamera(options: RunningCameraOptions): RunningCamera {
  const { configuration, status, meter, logger, onEnd } = options;
  let current = configuration;
  /** Latest time that the camera has reported: its log is accounted for from then on. */
  let latest = options.ledger.end.accountedTo;
  let size: Size | undefined;
  const reach = (at: number) => (latest = Math.max(latest, at));

  function drop(frames: number): void {
    meter.dropped(frames);
    status.overload(frames);
  }

  const rows = createRowMaker({
    ...options,
    ...detectionOf(configuration),
    onState: ({ state, cause, message = cause.message, at }) => {
      meter.state(state);
      status.change(state, message, at);
    },
    ...{ onRow: status.row, isTracked: () => current.scenario.tracking === true },
    onReplaced: () => drop(1),
    onFailed: onEnd,
  });

  const requests = createCameraRequests((message) => runner.send(message));

  function take(message: FromCamera, owner: PixelOwner): void {
    if (requests.take(message)) return;
    switch (message.type) {
      case 'frame':
        reach(message.frame.arrival);
        ({ size } = message.frame);
        return rows.addFrame(message.frame, owner);
      case 'state':
        reach(message.at);
        return rows.addState(message);
      case 'alive':
        if (message.at === undefined) return;
        reach(message.at);
        return rows.addTime(message.at);
      case 'overload':
        return drop(message.frames);
      case 'ended':
        return onEnd();
      case 'failed':
        return onEnd(new AppError(message.code, message.message, message.facts));
      case 'snapshot':
      case 'unit':
    }
  }

  const runner = startCamera({
    ...options,
    task: {
      ...{ settings: options.settings, url: configuration.cameraUrl },
      parameters: parametersOf(configuration),
    },
    notBefore: () => latest,
    onMessage: take,
    onStarted: () => requests.started(),
    onLost(how) {
      logger.warn({ how }, 'the process of a camera ended and is started again');
      const message = `The process of the camera ended (${how}) and is started again.`;
      rows.addState({ at: latest, state: 'waiting', cause: causeOf('worker_lost', message) });
    },
  });
  return {
    requests,
    configure(next) {
      // A camera that is adopted continues as it is.
      if (canonicalJson(detectionOf(next)) !== canonicalJson(detectionOf(current)))
        rows.configure(detectionOf(next));
      const parameters = parametersOf(next);
      if (canonicalJson(parameters) !== canonicalJson(parametersOf(current)))
        runner.configure(parameters);
      current = next;
    },
    continueWith: rows.continueWith,
    finish: (cause) => rows.finish(Date.now(), cause),
    async stop() {
      await runner.stop();
      await rows.settled();
      rows.close();
      runner.removePixels();
    },
    get size() {
      return size;
    },
  };
}

function detectionOf({ model, scenario }: Configuration) {
  const { conf, iou, max_det, classes } = scenario;
  return { model, parameters: { conf, iou, max_det, classes } };
}

function parametersOf({ model, scenario }: Configuration): CameraParameters {
  const { fps, gate, pace, loop, max_lag_ms } = scenario;
  const { width, height, resize } = model.manifest.input;
  const input = { width, height, resize };
  return { fps, gate, pace, loop, max_lag_ms, clipBeforeMs: clipBeforeMs(scenario), input };
}
