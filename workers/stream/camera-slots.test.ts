import type { SlotReserveContext } from '@temporalio/worker';
import { describe, expect, it } from 'vitest';
import { STREAM_QUEUE } from '../../domain/job/task-queues.js';
import { createCameraSlots, type StreamSlots } from './camera-slots.js';

const HOST_QUEUE = 'stream-host-1';
const POLL = { taskQueue: STREAM_QUEUE } as SlotReserveContext;
const never = new AbortController().signal;

/** Reserves slots until none is free, and returns their number. */
function countFree({ supplier }: StreamSlots): number {
  const permits = [];
  for (let permit = supplier.tryReserveSlot(POLL); permit; permit = supplier.tryReserveSlot(POLL)) {
    permits.push(permit);
  }
  for (const permit of permits) supplier.releaseSlot({ permit });
  return permits.length;
}

describe('createCameraSlots', () => {
  it('gives as many slots as there are, and those that are released', async () => {
    const slots = createCameraSlots(2);
    const first = await slots.supplier.reserveSlot(POLL, never);
    await slots.supplier.reserveSlot(POLL, never);
    let isReserved = false;
    const third = slots.supplier.reserveSlot(POLL, never).then(() => (isReserved = true));
    await Promise.resolve();
    expect(isReserved).toBe(false);
    slots.supplier.releaseSlot({ permit: first });
    await third;
    expect(countFree(slots)).toBe(0);
  });

  it('ends a reservation that is no longer needed with the reason of its signal', async () => {
    const slots = createCameraSlots(1);
    await slots.supplier.reserveSlot(POLL, never);
    const controller = new AbortController();
    const waiting = slots.supplier.reserveSlot(POLL, controller.signal);
    const reason = new Error('not needed');
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });

  it('keeps the slot of a camera for its activity on the queue of the host', async () => {
    const slots = createCameraSlots(1);
    const permit = await slots.supplier.reserveSlot(POLL, never);
    slots.keep('a');
    slots.supplier.releaseSlot({ permit });
    expect(countFree(slots)).toBe(0);
    const leave = slots.enter('a', HOST_QUEUE);
    expect(countFree(slots)).toBe(0);
    leave();
    expect(countFree(slots)).toBe(1);
  });

  it('frees a slot that was kept when its camera comes through the queue of all', () => {
    const slots = createCameraSlots(2);
    slots.keep('a');
    expect(countFree(slots)).toBe(1);
    slots.enter('a', STREAM_QUEUE)();
    expect(countFree(slots)).toBe(2);
  });

  it('frees a slot that was kept for too long, and wakes who waits for it', async () => {
    const slots = createCameraSlots(1, 1);
    slots.keep('a');
    await expect(slots.supplier.reserveSlot(POLL, never)).resolves.toEqual({});
  });

  it('rejects an activity on the queue of the host without a slot', () => {
    const slots = createCameraSlots(1);
    slots.enter('a', HOST_QUEUE);
    expect(() => slots.enter('b', HOST_QUEUE)).toThrow(
      expect.objectContaining({ code: 'SLOT_TAKEN' }),
    );
  });
});
