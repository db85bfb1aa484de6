import type { AccessUnit } from '../../domain/stream/access-unit.js';
import { createUnitRing, type UnitRing } from '../../domain/stream/unit-ring.js';
import type { FromCamera } from '../protocol.js';

/** Keeps the newest coded frames, and sends them to the worker while it reads them. */
export interface UnitFeeds extends Pick<UnitRing, 'lastGop' | 'keep'> {
  push(unit: AccessUnit): void;
  /** Forgets the frames of a connection: the next ones start at a keyframe. */
  readonly clear: () => void;
  start(id: number, fromMs: number): void;
  stop(id: number): void;
  /** Whether the worker reads them at present. */
  isRead(): boolean;
}

/** @param beforeMs time that is kept for clips of events. */
export function createUnitFeeds(beforeMs: number, send: (message: FromCamera) => void): UnitFeeds {
  const ring = createUnitRing({ beforeMs });
  const readers = new Set<number>();
  let needsKey = true;
  const sendTo = (id: number, unit: AccessUnit) => send({ type: 'unit', id, unit });
  return {
    lastGop: () => ring.lastGop(),
    keep: (ms) => ring.keep(ms),
    clear() {
      ring.clear();
      needsKey = true;
    },
    push(unit) {
      // What follows a keyframe that was not received cannot be decoded.
      needsKey &&= !unit.key;
      if (needsKey) return;
      ring.push(unit);
      for (const id of readers) sendTo(id, unit);
    },
    start(id, fromMs) {
      for (const unit of ring.from(fromMs)) sendTo(id, unit);
      readers.add(id);
    },
    stop: (id) => void readers.delete(id),
    isRead: () => readers.size > 0,
  };
}
