import { expect, it } from 'vitest';
import { accessUnit } from '../test/support/access-units.js';
import { createCameraRequests } from './camera-requests.js';
import type { ToCamera } from './protocol.js';

function setUp() {
  const sent: ToCamera[] = [];
  const requests = createCameraRequests((message) => void sent.push(message));
  return { requests, sent };
}

it('returns the image that the process sends', async () => {
  const { requests, sent } = setUp();
  const image = requests.snapshot();
  expect(sent).toEqual([{ type: 'snapshot', id: 1 }]);
  expect(requests.take({ type: 'snapshot', id: 1, jpeg: Buffer.from('jpeg') })).toBe(true);
  expect(await image).toEqual(Buffer.from('jpeg'));
  expect(requests.take({ type: 'overload', frames: 1 })).toBe(false);
});

it('sends units to their follower until it stops, also those of another process', () => {
  const { requests, sent } = setUp();
  const [first, second]: [number[], number[]] = [[], []];
  const stop = requests.follow(5000, ({ arrival }) => void first.push(arrival));
  requests.follow(7000, ({ arrival }) => void second.push(arrival));
  const arrive = (id: number, arrival: number) =>
    requests.take({ type: 'unit', id, unit: accessUnit(arrival) });
  arrive(1, 10);
  arrive(2, 20);
  stop();
  arrive(1, 30);
  requests.started();
  arrive(2, 40);
  expect([first, second]).toEqual([[10], [20, 40]]);
  expect(sent).toEqual([
    { type: 'units', id: 1, fromMs: 5000 },
    { type: 'units', id: 2, fromMs: 7000 },
    { type: 'stop-units', id: 1 },
    { type: 'units', id: 2, fromMs: 0 },
  ]);
});
