import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { causeOf } from '../../domain/stream/gap.js';
import { frameNotice } from '../../test/support/stream-frames.js';
import type { FromCamera } from '../protocol.js';
import { createOutbox } from './outbox.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-outbox-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function setUp(count = 1) {
  const sent: FromCamera[] = [];
  let replaced = 0;
  const slots = Array.from({ length: count }, (_, slot) => join(folder, `${slot}`));
  const send = (message: FromCamera) => void sent.push(message);
  const outbox = createOutbox({ slots, send, onReplaced: () => replaced++ });
  const arrivals = () =>
    sent.map((message) => (message.type === 'frame' ? message.frame.arrival : message.type));
  return { outbox, sent, slots, arrivals, replaced: () => replaced };
}

const PIXELS = Buffer.from('pixels');

describe('an outbox', () => {
  it('writes the pixels of a frame into a free slot', async () => {
    const { outbox, sent, slots } = setUp(2);
    outbox.sendFrame(frameNotice(100), PIXELS);
    outbox.sendFrame(frameNotice(600), Buffer.from('others'));
    expect(sent).toMatchObject([{ frame: { slot: 0 } }, { frame: { slot: 1 } }]);
    expect(await readFile(slots[1]!, 'utf8')).toBe('others');
  });

  it('waits for a free slot with the newest frame', async () => {
    const { outbox, sent, arrivals, replaced, slots } = setUp();
    outbox.sendFrame(frameNotice(100), PIXELS);
    outbox.sendFrame(frameNotice(600), PIXELS);
    outbox.sendFrame(frameNotice(1100), Buffer.from('newest'));
    expect([arrivals(), replaced(), outbox.isEmpty()]).toEqual([[100], 1, false]);
    outbox.free(0);
    expect(sent[1]).toHaveProperty('frame.losses', [{ to: 1000, cause: causeOf('overload') }]);
    expect(arrivals()).toEqual([100, 1100]);
    expect(await readFile(slots[0]!, 'utf8')).toBe('newest');
  });

  it('sends states after the frames before them', () => {
    const { outbox, arrivals } = setUp();
    outbox.sendFrame(frameNotice(100), PIXELS);
    outbox.sendFrame(frameNotice(600), PIXELS);
    outbox.sendState({ at: 700, state: 'silent', cause: causeOf('camera_silent') });
    expect(arrivals()).toEqual([100]);
    outbox.free(0);
    expect(arrivals()).toEqual([100, 600, 'state']);
  });

  it('needs no slot for a frame without pixels, and reports when all are sent', async () => {
    const { outbox, arrivals } = setUp();
    outbox.sendFrame(frameNotice(100), PIXELS);
    outbox.sendFrame(frameNotice(600, { keep: true }), PIXELS);
    outbox.sendFrame(frameNotice(1100, { scene: 600 }), undefined);
    let isDrained = false;
    const drained = outbox.drained().then(() => (isDrained = true));
    await Promise.resolve();
    expect(isDrained).toBe(false);
    outbox.free(0);
    await drained;
    expect(arrivals()).toEqual([100, 600, 1100]);
  });

  it('accounts for a frame whose pixels cannot be written', async () => {
    const { outbox, sent, arrivals } = setUp();
    await rm(folder, { recursive: true });
    outbox.sendFrame(frameNotice(100), PIXELS);
    expect(sent).toEqual([]);
    outbox.sendFrame(frameNotice(600, { scene: 0 }), undefined);
    expect(arrivals()).toEqual([600]);
    expect(sent[0]).toMatchObject({
      frame: { losses: [{ to: 500, cause: { reason: 'undecodable' } }] },
    });
  });
});
