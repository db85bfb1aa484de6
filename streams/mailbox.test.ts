import { describe, expect, it } from 'vitest';
import { causeOf } from '../domain/stream/gap.js';
import { frameNotice } from '../test/support/stream-frames.js';
import { createMailbox, type WaitingFrame } from './mailbox.js';

function setUp() {
  const freed: number[] = [];
  let replaced = 0;
  const mailbox = createMailbox<string>(() => replaced++);
  const waiting = (arrival: number, fields = {}): WaitingFrame<string> => ({
    ...{ kind: 'frame', frame: frameNotice(arrival, fields), pixels: `${arrival}` },
    free: () => freed.push(arrival),
  });
  const arrivals = () => {
    const found: number[] = [];
    for (let item = mailbox.shift(); item; item = mailbox.shift()) {
      found.push(item.kind === 'frame' ? item.frame.arrival : -1);
    }
    return found;
  };
  return { mailbox, waiting, freed, arrivals, replaced: () => replaced };
}

const SILENT = { at: 900, state: 'silent', cause: causeOf('camera_silent') } as const;

describe('a mailbox', () => {
  it('replaces a waiting frame by a newer one, which accounts for its slot', () => {
    const { mailbox, waiting, freed, replaced } = setUp();
    const gap = { to: 500, cause: causeOf('camera_silent') };
    mailbox.add(waiting(510, { losses: [gap] }));
    mailbox.add(waiting(1010));
    mailbox.add(waiting(2010, { losses: [{ to: 2000, cause: causeOf('undecodable') }] }));
    expect([freed, replaced()]).toEqual([[510, 1010], 2]);
    const item = mailbox.shift();
    expect(item).toMatchObject({ kind: 'frame', frame: { arrival: 2010 }, pixels: '2010' });
    expect(item).toHaveProperty('frame.losses', [
      gap,
      { to: 1500, cause: causeOf('overload') },
      { to: 2000, cause: causeOf('undecodable') },
    ]);
    expect(mailbox.head).toBeUndefined();
  });

  it('keeps frames that must not be replaced, and those before a change of state', () => {
    const { mailbox, waiting, arrivals } = setUp();
    mailbox.add(waiting(100, { keep: true }));
    mailbox.add(waiting(600, { keep: true }));
    mailbox.add(waiting(700));
    mailbox.add({ kind: 'state', notice: SILENT });
    mailbox.add(waiting(1100));
    expect(mailbox.kept).toBe(2);
    expect(arrivals()).toEqual([100, 600, 700, -1, 1100]);
  });

  it('leaves the time out if something else waits', () => {
    const { mailbox, waiting, arrivals } = setUp();
    mailbox.add({ kind: 'time', at: 50 });
    expect(mailbox.shift()).toEqual({ kind: 'time', at: 50 });
    mailbox.add(waiting(100));
    mailbox.add({ kind: 'time', at: 200 });
    expect(arrivals()).toEqual([100]);
  });
});
