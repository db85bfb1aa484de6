import { join } from 'node:path';
import { AppError, messageOf } from '../domain/errors.js';
import type { StreamMeter } from '../domain/ports/meters.js';
import type { LogStore } from '../domain/stream/log/fence.js';
import type { Logger } from '../runtime/logger.js';
import { createAttachment, type OwnedAttachment } from './attachment.js';
import { type CameraCommand, createCameraCommand } from './camera-command.js';
import type { AttachOptions, CameraHost, DetachReason } from './camera-host.js';
import { CameraSession } from './camera-session.js';
import { createDetect, type StreamLanes } from './detect.js';
import type { AlertServices } from './alerts/scenario-alerts.js';
import type { EventServices } from './events/scenario-events.js';
import { createJournalRoom } from './journal.js';
import { createJournalSync } from './journal-sync.js';
import { createLaneTurns } from './lane-turns.js';
import { createPixelsFolder } from './pixel-slots.js';
import type { CameraSettings } from './protocol.js';
import { spoolPaths } from './spool-paths.js';

export interface CameraHostOptions {
  readonly store: LogStore;
  /** Folder of the stream worker, which keeps journals over restarts. */
  readonly folder: string;
  readonly settings: CameraSettings;
  readonly lanes: StreamLanes;
  readonly events: EventServices;
  readonly alerts: AlertServices;
  /** Number of frames of one model that are detected at the same time. */
  readonly turnsPerModel: number;
  readonly meter: StreamMeter;
  readonly logger: Logger;
  /** Time for which a camera runs without an attachment, in ms. */
  readonly orphanMs?: number;
  /** How camera processes are started; default: from the build, as the platform supports it. */
  readonly command?: CameraCommand;
}

/** A session with its present attachment. */
interface Entry {
  readonly session: CameraSession;
  attachment: OwnedAttachment | undefined;
  orphanTimer?: NodeJS.Timeout | undefined;
}

const ORPHAN_MS = 60_000;

/** Creates the host of the cameras of a worker. */
export async function createCameraHost(options: CameraHostOptions): Promise<CameraHost> {
  const { folder, logger, orphanMs = ORPHAN_MS } = options;
  const command = options.command ?? (await createCameraCommand());
  const pixels = createPixelsFolder(folder);
  const closing = new AbortController();
  const shared = {
    ...{
      settings: options.settings,
      events: options.events,
      alerts: options.alerts,
      meter: options.meter,
      command,
    },
    room: createJournalRoom(createJournalSync({ onFailure: warnOf(logger) })),
    turns: createLaneTurns(options.turnsPerModel),
    detect: createDetect(options.lanes, closing.signal),
  };
  const entries = new Map<string, Entry>();
  /** Attachments of one scenario are made one after another. */
  const turns = new Map<string, Promise<unknown>>();

  function open(uuid: string): Entry {
    const entry: Entry = { session: createSession(uuid, () => entry), attachment: undefined };
    entries.set(uuid, entry);
    return entry;
  }

  function createSession(uuid: string, own: () => Entry): CameraSession {
    const { journals, clips, lock } = spoolPaths(folder, uuid);
    return new CameraSession({
      ...{ ...shared, folder: journals, log: { store: options.store, uuid } },
      ...{ lockFile: lock, pixelsFolder: join(pixels, uuid), clipsFolder: clips },
      logger: logger.child({ scenario_uuid: uuid }),
      onClosed(error) {
        const entry = own();
        // The next attachment learns that the file has ended.
        const isAwaited = entry.session.hasEnded && !entry.attachment;
        if (!isAwaited) forget(uuid, entry);
        entry.attachment?.end(error);
      },
    });
  }

  function forget(uuid: string, entry: Entry): void {
    clearTimeout(entry.orphanTimer);
    if (entries.get(uuid) === entry) entries.delete(uuid);
  }

  /** Closes the camera unless it is attached in time. */
  function orphan(uuid: string, entry: Entry): void {
    entry.attachment = undefined;
    clearTimeout(entry.orphanTimer);
    const close = async () => {
      await entry.session.log.flush();
      await entry.session.close();
      forget(uuid, entry);
    };
    entry.orphanTimer = setTimeout(() => void close(), orphanMs);
  }

  /** Returns the session of a scenario, after one that is ending has ended. */
  async function entryOf(uuid: string): Promise<Entry> {
    const entry = entries.get(uuid);
    if (!entry?.session.isEnding) return entry ?? open(uuid);
    await entry.session.closed;
    return entry.session.hasEnded ? entry : entryOf(uuid);
  }

  async function attach(attachOptions: AttachOptions): Promise<OwnedAttachment> {
    const { scenario_uuid: uuid } = attachOptions.scenario;
    const entry = await entryOf(uuid);
    clearTimeout(entry.orphanTimer);
    entry.attachment?.end(superseded(uuid));
    entry.attachment = undefined;
    try {
      if (!entry.session.hasEnded) await entry.session.attach(attachOptions);
    } catch (error) {
      if (!entry.session.isEnding) orphan(uuid, entry);
      throw error;
    }
    const leave = (reason: DetachReason) => {
      const isPresent = entry.attachment === attachment;
      if (isPresent && reason === 'hand_over') orphan(uuid, entry);
      return isPresent;
    };
    const attachment = createAttachment(entry.session, attachOptions, leave);
    entry.attachment = attachment;
    if (entry.session.hasEnded) {
      forget(uuid, entry);
      attachment.end();
    }
    return attachment;
  }

  return {
    attach(attachOptions) {
      const { scenario_uuid: uuid } = attachOptions.scenario;
      const before = turns.get(uuid) ?? Promise.resolve();
      const attaching = before.then(() => attach(attachOptions));
      turns.set(
        uuid,
        attaching.catch(() => undefined),
      );
      return attaching;
    },
    isOpen: (uuid) => entries.has(uuid),
    async close() {
      const sessions = [...entries.values()].map(({ session }) => session);
      await Promise.all(sessions.map((session) => session.log.flush()));
      await Promise.all(sessions.map((session) => session.close()));
      closing.abort();
    },
  };
}

function superseded(uuid: string): AppError {
  const message = `Another attempt watches the scenario ${uuid}. This one has ended.`;
  return new AppError('SCENARIO_TAKEN_OVER', message, { scenario_uuid: uuid });
}

/** A power cut may lose more rows; whatever else happens, they are in the memory of the kernel. */
function warnOf(logger: Logger) {
  return (error: unknown) =>
    logger.warn({ reason: messageOf(error) }, 'journals of cameras are not written to the disk');
}
