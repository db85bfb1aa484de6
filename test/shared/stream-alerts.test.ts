import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { VidetteClient } from '../../client/index.js';
import { makeCodedUnits } from '../support/coded-units.js';
import { type LoopingCamera, startRtspCamera } from '../support/looping-cameras.js';
import { connectSharedStack, type SharedConnection } from '../support/shared-stack.js';
import { PAGE_URL } from '../support/shared-settings.js';
import { clientOf } from '../support/vidette-client.js';
import { startReceiver, type TestReceiver } from '../support/webhook-receiver.js';

const RUNS_FOR_MS = 60_000;
const SIZE = { width: 320, height: 180 };
const CLIP = { codec: 'h264', size: SIZE, frames: 100, gop: 10, startMs: 0 } as const;

let stack: SharedConnection;
let client: VidetteClient;
let camera: LoopingCamera;
let hook: TestReceiver;
beforeAll(async () => {
  stack = await connectSharedStack();
  client = clientOf(stack);
  hook = await startReceiver();
  camera = await startRtspCamera(await makeCodedUnits(join(stack.folder, 'units.h264'), CLIP), 100);
});
afterAll(async () => {
  camera?.close();
  await hook?.close();
  await stack?.close();
});

it(
  'a camera sends an alert once while an object is seen, also over a pause, and deletes it',
  async () => {
    const uuid = randomUUID();
    const rule = { name: 'stream-alerts', classes: ['mock-large'], duration_s: 1, quiet_s: 3600 };
    const channels = [{ kind: 'webhook' as const, url: hook.url }];
    const zone = {
      name: 'middle',
      points: [
        [0.2, 0.2],
        [0.8, 0.2],
        [0.8, 0.8],
        [0.2, 0.8],
      ],
    };
    await client.streams.deploy({
      ...{ scenario_uuid: uuid, camera_url: camera.url, fps: 5 },
      alerts: [{ ...rule, zone, channels }],
    });
    const alerts = async () => (await client.alerts.list({ stream: uuid })).alerts;
    await expect.poll(alerts, { timeout: RUNS_FOR_MS }).toMatchObject([{ status: 'sent' }]);
    const [alert] = await alerts();
    expect(alert).toMatchObject({
      ...{ alert_id: `${uuid}.stream-alerts.1`, event_id: null, zone: 'middle', snapshot: true },
      ...{ classes: ['mock-large'], link: `${PAGE_URL}/#/camera/${uuid}` },
    });
    expect(alert!.at_ms - alert!.started_ms).toBeGreaterThanOrEqual(1000);
    const jpeg = await client.alerts.snapshot(alert!.alert_id);
    expect(jpeg?.subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));

    const rows = async () => (await client.streams.get(uuid)).frame_number ?? 0;
    await client.streams.pause(uuid);
    const paused = await rows();
    await client.streams.resume(uuid);
    await expect.poll(rows, { timeout: RUNS_FOR_MS }).toBeGreaterThan(paused + 10);
    expect(await alerts()).toEqual([alert]);
    expect(hook.messages).toHaveLength(1);

    await client.streams.delete(uuid);
    expect(await alerts()).toEqual([]);
    expect(await client.alerts.snapshot(alert!.alert_id)).toBeUndefined();
  },
  3 * RUNS_FOR_MS,
);
