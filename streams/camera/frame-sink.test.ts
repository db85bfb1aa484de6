import { describe, expect, it } from 'vitest';
import { causeOf } from '../../domain/stream/gap.js';
import { frameNotice } from '../../test/support/stream-frames.js';
import type { FrameNotice, StateNotice } from '../protocol.js';
import { createFrameSink } from './frame-sink.js';
import type { Outbox } from './outbox.js';

const CONNECTING = { at: 0, state: 'connecting', cause: causeOf('connecting') } as const;

function setUp() {
  const sent: (StateNotice | Omit<FrameNotice, 'slot'>)[] = [];
  const outbox: Pick<Outbox, 'sendFrame' | 'sendState'> = {
    sendFrame: (frame) => void sent.push(frame),
    sendState: (notice) => void sent.push(notice),
  };
  let lives = 0;
  const sink = createFrameSink(outbox as Outbox, () => lives++);
  const frame = (arrival: number, fps = 2) => ({
    ...frameNotice(arrival, { fps }),
    pixels: Buffer.alloc(3),
  });
  const texts = () =>
    sent.map((item) => {
      if ('state' in item) return `${item.state} from ${item.at}`;
      const losses = item.losses.map(({ to, cause }) => `${cause.reason} to ${to}, `);
      return `${losses.join('')}${item.arrival}`;
    });
  return { sink, frame, texts, sent, lives: () => lives };
}

describe('a sink of frames', () => {
  it('is live from the slot of the first frame of a connection on', () => {
    const { sink, frame, texts, lives } = setUp();
    sink.change(CONNECTING);
    sink.add(frame(1234));
    sink.add(frame(1240));
    sink.add(frame(1500));
    sink.change({ ...CONNECTING, at: 1600 });
    sink.add(frame(7300));
    expect(texts()).toEqual([
      ...['connecting from 0', 'live from 1000', '1234', '1500'],
      ...['connecting from 1600', 'live from 7000', '7300'],
    ]);
    expect(lives()).toBe(2);
  });

  it('explains missing frames by what arrived', () => {
    const { sink, frame, texts } = setUp();
    sink.add(frame(100));
    sink.add(frame(1100));
    sink.arrived(1600);
    sink.add(frame(2100));
    sink.explain(causeOf('overload'), { from: 2600, to: 3000 });
    sink.add(frame(3100));
    // Explained, but not missing.
    sink.explain(causeOf('overload'), { from: 3200, to: 3300 });
    sink.add(frame(3600));
    sink.add(frame(4600));
    expect(texts()).toEqual([
      ...['live from 0', '100', 'camera_silent to 1000, 1100', 'undecodable to 2000, 2100'],
      ...['overload to 3000, 3100', '3600', 'camera_silent to 4500, 4600'],
    ]);
  });

  it('explains dropped frames also if earlier ones are decoded after the drop', () => {
    const { sink, frame, texts } = setUp();
    for (const arrival of [100, 600, 1100, 1600, 2100]) sink.arrived(arrival);
    sink.add(frame(100));
    sink.explain(causeOf('overload'), { from: 1100, to: 1600 });
    sink.add(frame(600));
    sink.add(frame(2100));
    expect(texts()).toEqual(['live from 0', '100', '600', 'overload to 2000, 2100']);
  });

  it('explains missing frames also if later ones have arrived before', () => {
    const { sink, frame, texts } = setUp();
    for (const arrival of [100, 600, 1100, 1600]) sink.arrived(arrival);
    sink.add(frame(100));
    sink.add(frame(1600));
    expect(texts().at(-1)).toBe('undecodable to 1500, 1600');
    expect(sink.pendingFrom).toBeUndefined();
  });

  it('knows the oldest coded frame that may still be decoded', () => {
    const { sink, frame } = setUp();
    sink.change(CONNECTING);
    for (const arrival of [100, 600, 1100]) sink.arrived(arrival);
    expect(sink.pendingFrom).toBe(100);
    sink.add(frame(100));
    expect(sink.pendingFrom).toBe(600);
    sink.change({ ...CONNECTING, at: 1200 });
    expect(sink.pendingFrom).toBeUndefined();
  });

  it('continues with the slots of another rate', () => {
    const { sink, frame, texts } = setUp();
    sink.add(frame(100));
    sink.add(frame(300, 5));
    sink.add(frame(500, 5));
    sink.add(frame(710, 5));
    expect(texts()).toEqual(['live from 0', '100', '500', '710']);
  });

  it('has a message while it is live', () => {
    const { sink, frame, sent } = setUp();
    sink.note('a screen');
    sink.add(frame(100));
    expect(sent[0]).toMatchObject({ state: 'live', cause: { message: 'a screen' } });
    sink.note(undefined);
    expect(sent.at(-1)).toMatchObject({ at: 0, state: 'live', cause: { reason: 'camera_silent' } });
    expect(sent.at(-1)).not.toHaveProperty('cause.message', 'a screen');
  });

  it('sends still frames without pixels', () => {
    const { sink, frame, sent, texts } = setUp();
    sink.addStill(100, 50);
    expect(sent).toEqual([]);
    sink.add(frame(600));
    sink.addStill(1100, 600);
    expect(texts()).toEqual(['live from 500', '600', '1100']);
    expect(sent.at(-1)).toMatchObject({ scene: 600, keep: true });
    expect(sent.at(-1)).not.toHaveProperty('pixels');
  });
});
