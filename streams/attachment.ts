import type { LogEnd } from '../domain/stream/ledger.js';
import { DEFAULT_FPS } from '../domain/stream/scenario-input.js';
import type { AttachOptions, CameraAttachment, DetachReason } from './camera-host.js';
import type { CameraSession } from './camera-session.js';

/** An attachment, as the host that made it sees it. */
export interface OwnedAttachment extends CameraAttachment {
  /** Reports that the session has ended, or that another attachment follows. */
  end(error?: unknown): void;
}

/** @param leave leaves the camera; returns whether this attachment was the present one. */
export function createAttachment(
  session: CameraSession,
  { cameraUrl }: Pick<AttachOptions, 'cameraUrl'>,
  leave: (reason: DetachReason) => boolean,
): OwnedAttachment {
  const stopFollowing = new Set<() => void>();
  const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
  ended.catch(() => undefined); // the activity may have detached
  let detaching: Promise<LogEnd> | undefined;

  /** Ends a subscription at the latest when the camera is left. */
  function untilDetached(stop: () => void): () => void {
    stopFollowing.add(stop);
    return () => {
      stopFollowing.delete(stop);
      stop();
    };
  }

  async function detach(reason: DetachReason): Promise<LogEnd> {
    for (const stop of stopFollowing) stop();
    const isPresent = leave(reason);
    if (isPresent && reason !== 'hand_over') return session.finish(reason);
    await session.log.flush();
    return session.log.end;
  }

  return {
    ended,
    status: () => session.camera.read(),
    load: () => ({
      rows_behind: session.log.rowsBehind,
      frames_dropped: session.camera.status.dropped,
    }),
    detach: (reason) => (detaching ??= detach(reason)),
    configure: (scenario, model) => session.configure({ scenario, model, cameraUrl }),
    follow: (onEntries) => untilDetached(session.log.commits.follow(onEntries)),
    followMade: (onEntries) => untilDetached(session.log.followMade(onEntries)),
    latestJpeg: async () => session.camera.running?.requests.snapshot(),
    units: {
      follow: (fromMs, onUnit) => untilDetached(session.camera.units.follow(fromMs, onUnit)),
      size: () => session.camera.units.size(),
    },
    fps: () => session.camera.configuration?.scenario.fps ?? DEFAULT_FPS,
    end(error) {
      if (error === undefined) resolve();
      else reject(error);
    },
  };
}
