import type { ActivitySlotInfo, CustomSlotSupplier, SlotPermit } from '@temporalio/worker';
import { AppError } from '../../domain/errors.js';
import { STREAM_QUEUE } from '../../domain/job/task-queues.js';
import type { CameraSlots } from '../../domain/ports/camera-slots.js';

/** Time for which the slot of a camera is kept between two activities, in ms. */
const KEEP_MS = 15_000;

/** Slots of a stream worker, and what its worker of the queue `stream` polls by. */
export interface StreamSlots extends CameraSlots {
  readonly supplier: CustomSlotSupplier<ActivitySlotInfo>;
}

/**
 * Creates the slots of a stream worker. Its two queues share them: a camera whose next activity
 * comes through the host's queue keeps its slot, and the queue `stream` is polled only while a slot
 * is free.
 */
export function createCameraSlots(max: number, keepMs = KEEP_MS): StreamSlots {
  /** Permits of the queue `stream`: activities, and polls that wait for one. */
  let permits = 0;
  /** Activities of the host's queue. */
  let continued = 0;
  const kept = new Map<string, NodeJS.Timeout>();
  const waiting = new Set<() => void>();
  const free = () => max - permits - continued - kept.size;

  const wake = () => {
    for (const resolve of [...waiting].slice(0, Math.max(0, free()))) resolve();
  };
  const release = (scenarioUuid: string): boolean => {
    clearTimeout(kept.get(scenarioUuid));
    return kept.delete(scenarioUuid);
  };
  const reserve = (): SlotPermit | null => {
    if (free() <= 0) return null;
    permits++;
    return {};
  };

  return {
    enter: (scenarioUuid, taskQueue) => {
      const wasKept = release(scenarioUuid);
      if (taskQueue === STREAM_QUEUE) {
        wake();
        return () => undefined;
      }
      if (!wasKept && free() <= 0) throw slotTaken(scenarioUuid, max);
      continued++;
      return () => {
        continued--;
        wake();
      };
    },
    keep: (scenarioUuid) => {
      release(scenarioUuid);
      const end = () => {
        release(scenarioUuid);
        wake();
      };
      kept.set(scenarioUuid, setTimeout(end, keepMs).unref());
    },
    supplier: {
      type: 'custom',
      reserveSlot: (_, signal) => waitForSlot(reserve, waiting, signal),
      tryReserveSlot: reserve,
      markSlotUsed: () => undefined,
      releaseSlot: () => {
        permits--;
        wake();
      },
    },
  };
}

/** Resolves when a slot is reserved; rejects with the reason of the signal when that aborts. */
async function waitForSlot(
  reserve: () => SlotPermit | null,
  waiting: Set<() => void>,
  signal: AbortSignal,
): Promise<SlotPermit> {
  for (;;) {
    signal.throwIfAborted();
    const permit = reserve();
    if (permit) return permit;
    await new Promise<void>((resolve) => {
      const end = () => {
        waiting.delete(end);
        signal.removeEventListener('abort', end);
        resolve();
      };
      waiting.add(end);
      signal.addEventListener('abort', end);
    });
  }
}

function slotTaken(scenario_uuid: string, max: number): AppError {
  return new AppError(
    'SLOT_TAKEN',
    `All ${max} slots (MAX_WORKERS) of this worker are taken; the scenario waits for a free one.`,
    { scenario_uuid },
  );
}
