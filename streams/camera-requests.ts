import type { AccessUnit } from '../domain/stream/access-unit.js';
import type { FromCamera, ToCamera } from './protocol.js';
import type { UnitSource } from './units.js';

/** Requests to the process of a camera, and to the ones that replace it. */
export interface CameraRequests extends Pick<UnitSource, 'follow'> {
  /** Takes a message of the process; returns whether it was an answer. */
  take(message: FromCamera): boolean;
  /** Requests the newest image; undefined if there is none, or the process does not answer. */
  snapshot(): Promise<Buffer | undefined>;
  /** Reports that a process was started: it sends units to the followers of the one before. */
  started(): void;
}

/** Time that a process has for an image, in ms. */
const SNAPSHOT_MS = 5000;

export function createCameraRequests(send: (message: ToCamera) => void): CameraRequests {
  const snapshots = new Map<number, (jpeg: Buffer | undefined) => void>();
  const followers = new Map<number, (unit: AccessUnit) => void>();
  let nextId = 1;
  return {
    take(message) {
      if (message.type === 'snapshot') snapshots.get(message.id)?.(message.jpeg);
      else if (message.type === 'unit') followers.get(message.id)?.(message.unit);
      else return false;
      return true;
    },
    snapshot() {
      const id = nextId++;
      return new Promise((resolve) => {
        const finish = (jpeg: Buffer | undefined) => {
          clearTimeout(timer);
          snapshots.delete(id);
          resolve(jpeg);
        };
        const timer = setTimeout(() => finish(undefined), SNAPSHOT_MS);
        snapshots.set(id, finish);
        send({ type: 'snapshot', id });
      });
    },
    follow(fromMs, onUnit) {
      const id = nextId++;
      followers.set(id, onUnit);
      send({ type: 'units', id, fromMs });
      return () => {
        followers.delete(id);
        send({ type: 'stop-units', id });
      };
    },
    started() {
      for (const id of followers.keys()) send({ type: 'units', id, fromMs: 0 });
    },
  };
}
