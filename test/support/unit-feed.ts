import type { Size } from '../../domain/result/detection.js';
import type { AccessUnit } from '../../domain/stream/access-unit.js';
import { createUnitRing } from '../../domain/stream/unit-ring.js';
import type { UnitSource } from '../../streams/units.js';

/** A camera whose units a test sends; it keeps those of the last minute. */
export interface UnitFeed {
  readonly source: UnitSource;
  /** Number of followers. */
  readonly followers: number;
  send(units: readonly AccessUnit[]): void;
}

export function createUnitFeed(size: Size): UnitFeed {
  const ring = createUnitRing({ beforeMs: 60_000 });
  const followers = new Set<(unit: AccessUnit) => void>();
  return {
    source: {
      follow(fromMs, onUnit) {
        for (const unit of ring.from(fromMs)) onUnit(unit);
        followers.add(onUnit);
        return () => followers.delete(onUnit);
      },
      size: () => size,
    },
    get followers() {
      return followers.size;
    },
    send(units) {
      for (const unit of units) {
        ring.push(unit);
        for (const follower of [...followers]) follower(unit);
      }
    },
  };
}
