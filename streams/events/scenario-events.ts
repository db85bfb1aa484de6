import type { MediaTool } from '../../adapters/ffmpeg/command.js';
import { messageOf } from '../../domain/errors.js';
import type { ObjectStore } from '../../domain/ports/object-store.js';
import type { StreamEventStore } from '../../domain/ports/stream-event-store.js';
import type { StreamNotifier } from '../../domain/ports/stream-notifier.js';
import { isGap, type LogEntry } from '../../domain/stream/entry.js';
import type { LogEnd } from '../../domain/stream/ledger.js';
import type { LogRef } from '../../domain/stream/log/fence.js';
import type { ScenarioInput } from '../../domain/stream/scenario-input.js';
import type { CameraZoneEvent } from '../../domain/stream/tracks/row-tracks.js';
import type { Logger } from '../../runtime/logger.js';
import type { StreamStatus } from '../../domain/stream/scenario-contracts.js';
import { createClipRecorder } from '../clips/clip-recorder.js';
import type { Commits } from '../commits.js';
import { takeSnapshot } from '../live/snapshot.js';
import type { CameraSettings } from '../protocol.js';
import type { UnitSource } from '../units.js';
import { createEventRecorder } from './event-recorder.js';
import { recallEntries } from './recall-entries.js';

/** What the events of all cameras of a host need. */
export interface EventServices {
  readonly events: StreamEventStore;
  readonly notifier: StreamNotifier;
  readonly objects: Pick<ObjectStore, 'find' | 'put' | 'putFile'>;
  /** Encodes clips; it may write larger files than the decoders of cameras. */
  readonly encoder: MediaTool;
}

export interface ScenarioEventsOptions {
  readonly services: EventServices;
  readonly settings: Pick<CameraSettings, 'launcher' | 'maxPixels'>;
  /** Folder for the clips of the scenario, until they are stored. */
  readonly folder: string;
  readonly scenario: ScenarioInput;
  readonly log: LogRef;
  /** End of the log when this process began. */
  readonly end: LogEnd;
  /** Whether events may have been left open, and rows unseen, at the end of the log. */
  readonly isContinued: boolean;
  readonly units: UnitSource;
  readonly commits: Pick<Commits, 'follow'>;
  readonly readStatus: () => StreamStatus;
  readonly logger: Logger;
}

/** Events of a camera that runs on this host. */
export interface ScenarioEvents {
  /** Reports entries that were made, whether they are stored or not. */
  made(entries: readonly LogEntry[]): void;
  /** Adds the passages of tracks that ended with the scenario. */
  ended(events: readonly CameraZoneEvent[]): void;
  configure(scenario: ScenarioInput): void;
  /** Ends the open events if `isFinal`, or leaves them to the next process. */
  close(isFinal: boolean): Promise<void>;
}

const CHECK_MS = 1000;

/** Starts to make events of what is stored in a log. While there are rules or zones, rows are stored at once. */
export function startScenarioEvents(options: ScenarioEventsOptions): ScenarioEvents {
  const { commits, readStatus } = options;
  const recorder = openRecorder(options);
  let stopFollowing: (() => void) | undefined;
  let closing: Promise<void> | undefined;

  const follow = ({ notify, zones = [] }: ScenarioInput) => {
    if (notify.length + zones.length > 0) stopFollowing ??= commits.follow(recorder.add);
    else {
      stopFollowing?.();
      stopFollowing = undefined;
    }
  };
  const close = (isFinal: boolean) => {
    clearInterval(timer);
    stopFollowing?.();
    return recorder.close(isFinal);
  };
  follow(options.scenario);
  const timer = setInterval(() => recorder.check(readStatus(), Date.now()), CHECK_MS);
  return {
    made(entries) {
      const row = entries.findLast((entry) => !isGap(entry));
      if (row && !isGap(row)) recorder.rowMade(Date.parse(row.timestamp));
    },
    ended: recorder.ended,
    configure(scenario) {
      recorder.configure(scenario);
      follow(scenario);
    },
    close: (isFinal) => (closing ??= close(isFinal)),
  };
}

function openRecorder(options: ScenarioEventsOptions) {
  const { services, settings, folder, scenario, log, end, units, logger } = options;
  const { encoder, ...stores } = services;
  const { maxPixels } = settings;
  return createEventRecorder({
    ...{ ...stores, scenario },
    clips: createClipRecorder({ units, folder, ffmpeg: encoder, maxPixels }),
    snapshot: (atMs) => takeSnapshot(units, settings, atMs),
    recall: options.isContinued ? () => recallEntries(log, end, scenario.fps) : undefined,
    onFailure: (error) =>
      logger.warn({ reason: messageOf(error) }, 'an event is not stored or sent, trying again'),
  });
}
