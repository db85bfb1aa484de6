import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { zoneDocument, zoneDocumentsOf } from '../../domain/stream/events/zone-document.js';
import { isGap, type LogEntry } from '../../domain/stream/entry.js';
import { createRowTracker } from '../../domain/stream/tracks/row-tracker.js';
import type { ZoneOrLine } from '../../domain/zone/zone.js';
import { startScenario } from '../support/camera-scenarios.js';
import { startStack, type TestStack } from '../support/stack.js';
import { clientOf } from '../support/vidette-client.js';
import { ALL_WORKERS } from '../support/workers.js';

const data = process.env['VIDETTE_TEST_DATA'] ?? '';
const VIDEOS = join(data, 'videos');
const RUNS_FOR_MS = 300_000;
const FPS = 10;
/** Rows of the file: 377 frames at 12.5 frames per second. */
const ROWS = 301;
/** Rows after which the worker is killed: the first track is in the frame. */
const KILLED_AFTER = 65;

/** The left half of the street, and a line across it. */
const ZONES: ZoneOrLine[] = [
  {
    ...{ name: 'left', kind: 'zone' },
    points: [
      [0, 0],
      [0.5, 0],
      [0.5, 1],
      [0, 1],
    ],
  },
  {
    ...{ name: 'across', kind: 'line' },
    points: [
      [0.5, 0],
      [0.5, 1],
    ],
  },
];

let stack: TestStack;
beforeAll(async () => {
  if (!data) return;
  stack = await startStack({ VIDETTE_FILE_ROOT: VIDEOS }, [], undefined, ALL_WORKERS);
});
afterAll(() => stack?.close());

const rowsIn = (entries: readonly LogEntry[]) =>
  entries.flatMap((entry) => (isGap(entry) ? [] : [entry]));
const idsIn = (entries: readonly LogEntry[]) =>
  rowsIn(entries).flatMap(({ detections }) => detections.flatMap(({ track_id }) => track_id ?? []));
const byId = (a: { event_id: string }, b: { event_id: string }) =>
  a.event_id < b.event_id ? -1 : 1;

describe.skipIf(!data)('the tracks of a camera whose worker is killed', () => {
  it(
    'have the ids and the passages of zones that one process would give them',
    async () => {
      const scenario = await startScenario(stack, {
        camera_url: `file://${join(VIDEOS, 'car-detection.mp4')}`,
        ...{ model: 'yolox_nano', pace: 'fast', fps: FPS, conf: 0.1 },
        ...{ tracking: true, zones: ZONES, notify: [{ zone: 'across', quiet_s: 1 }] },
      });
      const rows = async () => rowsIn(await scenario.entries()).length;
      await expect.poll(rows, { timeout: 120_000 }).toBeGreaterThan(KILLED_AFTER);
      const pid = stack.workers.pid('stream_worker');
      stack.workers.kill9('stream_worker');
      const before = await scenario.entries();
      expect(rowsIn(before).length).toBeLessThan(ROWS);
      await stack.workers.restarted('stream_worker', pid);
      expect(await scenario.handle.result()).toMatchObject({ state: 'ended' });
      const after = await scenario.entries();
      expect(after.slice(0, before.length)).toEqual(before);
      expect(rowsIn(after).length).toBeGreaterThan(ROWS);
      expect(Math.max(...idsIn(after))).toBeGreaterThan(Math.max(...idsIn(before)));

      const tracker = createRowTracker(ZONES);
      const expected = after.map(tracker.add);
      expect(after).toEqual(expected);

      const client = clientOf(stack);
      const page = { kind: 'zone', limit: 200 } as const;
      const { events } = await client.streams.events(scenario.uuid, page);
      const documents = [
        ...expected.flatMap(zoneDocumentsOf),
        ...tracker.finish().map((event) => zoneDocument(scenario.uuid, event)),
      ];
      const passages = documents.map(({ event_id, zone }) => ({ event_id, zone }));
      expect(events.map(({ event_id, zone }) => ({ event_id, zone })).toSorted(byId)).toEqual(
        passages.toSorted(byId),
      );
      const kinds = new Set(events.map(({ zone }) => zone?.kind));
      expect([...kinds].sort()).toEqual(['crossed', 'entered', 'left']);

      const crossings = events.filter(({ zone }) => zone?.kind === 'crossed');
      const from = startOf(after);
      const to = new Date(from.getTime() + 3_600_000);
      const { minutes } = await client.streams.zones(scenario.uuid, { from, to });
      const counted = minutes.reduce((sum, minute) => sum + minute.in + minute.out, 0);
      expect(counted).toBe(crossings.length);

      const rule = await client.streams.events(scenario.uuid, { kind: 'rule' });
      const crossedAt = new Set(crossings.map(({ first_frame }) => first_frame));
      expect(rule.events.length).toBeGreaterThan(0);
      for (const { first_frame } of rule.events) expect(crossedAt).toContain(first_frame);

      for await (const entry of client.streams.results(scenario.uuid)) {
        expect(entry).not.toHaveProperty('tracks');
      }
    },
    RUNS_FOR_MS,
  );
});

/** Start of the first entry. */
function startOf([first]: readonly LogEntry[]): Date {
  return new Date(first && isGap(first) ? first.gap.from : first!.timestamp);
}
