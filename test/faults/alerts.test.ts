import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Alert, AlertPage, VidetteClient } from '../../client/index.js';
import type { AlertRule } from '../../domain/alert/alert-rule.js';
import type { JobRequest } from '../../domain/job/job-input.js';
import { webhookHeaders } from '../../domain/job/webhook.js';
import { MOCK_MODEL_NAME } from '../../domain/model/known-models.js';
import { BUCKETS, keys } from '../../domain/names.js';
import { alertWorkflowIdOf } from '../../domain/workflow-ids.js';
import { startApi, type TestApi } from '../support/api.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { startMailServer } from '../support/mail-server.js';
import { PAGE_URL, WEBHOOK_SECRET } from '../support/shared-settings.js';
import { startStack, type TestStack } from '../support/stack.js';
import { clientOf } from '../support/vidette-client.js';
import { startReceiver, type TestReceiver } from '../support/webhook-receiver.js';

const VIDEO = 'alerts-clip';
const RUNS_FOR_MS = 150_000;
const TOKEN = 'tk_alerts_secret';
const PASSWORD = 'mail-secret';
/** The mock model finds one of this class in each frame. */
const LARGE = 'mock-large';
/** Sampled frames are 0.8 s apart, so that each makes an alert of a rule with a shorter quiet time. */
const EVERY = 20;
const SAMPLED = 30;
const EACH_FRAME = { name: 'each', classes: [LARGE], quiet_s: 0.5 };

type RuleRequest = Partial<AlertRule> & Pick<AlertRule, 'name' | 'channels'>;

let stack: TestStack;
let client: VidetteClient;
let api: TestApi;
let ntfy: TestReceiver;
let mail: Awaited<ReturnType<typeof startMailServer>>;
beforeAll(async () => {
  ntfy = await startReceiver();
  mail = await startMailServer('vidette', PASSWORD);
  stack = await startStack({
    VIDETTE_MODEL: MOCK_MODEL_NAME,
    VIDETTE_WEBHOOK_SECRET: WEBHOOK_SECRET,
    VIDETTE_PAGE_URL: PAGE_URL,
    VIDETTE_ALLOW_PRIVATE_ADDRESSES: 'true',
    VIDETTE_NTFY_URL: new URL(ntfy.url).origin,
    VIDETTE_NTFY_TOKEN: TOKEN,
    VIDETTE_SMTP_URL: mail.url,
    VIDETTE_MAIL_FROM: 'vidette@example.com',
  });
  client = clientOf(stack);
  api = await startApi(stack);
  const path = join(stack.folder, 'clip.mp4');
  const kind = CLIP_KINDS.find(({ name }) => name === 'constant rate')!;
  await makeClip({ ...kind, frames: EVERY * SAMPLED }, path);
  await stack.putVideo(VIDEO, path);
}, RUNS_FOR_MS);
afterAll(async () => {
  await api?.stop();
  await stack?.close();
  await Promise.all([ntfy?.close(), mail?.close()]);
});

function jobWith(event_id: string, ...rules: RuleRequest[]): JobRequest {
  // The workflow fills in the defaults.
  return { video_id: VIDEO, event_id, every: EVERY, alerts: rules };
}

async function alertsOf(job: string): Promise<readonly Alert[]> {
  return (await client.alerts.list({ job, limit: 100 })).alerts;
}
const ended = async (job: string) =>
  (await alertsOf(job)).filter(({ status }) => status !== 'sending').length;
/** Resolves with the alerts of a job, in the order of time, when a number of them has ended. */
async function endedAlerts(job: string, count: number): Promise<readonly Alert[]> {
  await expect.poll(() => ended(job), { timeout: RUNS_FOR_MS }).toBe(count);
  return (await alertsOf(job)).toSorted((a, b) => a.at_ms - b.at_ms);
}

describe('an alert of a job', () => {
  it(
    'reaches each channel once, with the frame and a link to the moment',
    async () => {
      const hook = await startReceiver();
      const duration = { name: 'stays', classes: [LARGE], duration_s: 3, quiet_s: 2 };
      const channels: AlertRule['channels'] = [
        { kind: 'webhook', url: `${hook.url}?token=hidden` },
        { kind: 'ntfy', topic: 'garage' },
        { kind: 'email', to: 'ada@example.com' },
      ];
      await stack.run(jobWith('alerts-channels', { ...duration, channels }));
      const [alert, ...more] = await endedAlerts('alerts-channels', 1);
      expect(more).toEqual([]);
      // The first frame at least 3 s after the first one, in another range than that.
      expect(alert).toMatchObject({
        ...{ alert_id: 'alerts-channels.stays.1', status: 'sent', started_ms: 0, at_ms: 3200 },
        ...{ classes: [LARGE], confidence: 0.875, objects: 1, frame: 0, snapshot: true },
        link: `${PAGE_URL}/#/job/alerts-channels?t=3.2`,
      });
      expect(alert!.deliveries.map(({ to }) => to)).toEqual([
        ...[new URL(hook.url).origin, 'gar…', 'ada@example.com'],
      ]);

      const [sent, ...others] = hook.messages;
      expect(others).toEqual([]);
      const timestamp = Number(sent!.headers['webhook-timestamp']);
      const content = { id: alert!.alert_id, timestamp, body: sent!.body };
      expect(sent!.headers).toMatchObject(webhookHeaders(WEBHOOK_SECRET, content));
      const snapshot = { bucket: BUCKETS.results, key: 'alerts/alerts-channels/stays/1.jpg' };
      expect(JSON.parse(sent!.body)).toMatchObject({
        type: 'alert',
        data: { rule: 'stays', event_id: 'alerts-channels', video_id: VIDEO, snapshot },
      });
      const jpeg = await stack.objects.get(snapshot.bucket, snapshot.key);
      const frame = keys.frame('alerts-channels', 0);
      expect(jpeg).toEqual(await stack.objects.get(BUCKETS.frames, frame));

      expect(ntfy.messages.map(({ path }) => path)).toEqual(['/garage']);
      expect(ntfy.messages[0]!.headers).toMatchObject({
        ...{ title: 'Vidette: stays', click: alert!.link, filename: 'frame.jpg' },
        ...{ authorization: `Bearer ${TOKEN}`, 'content-length': String(jpeg.length) },
      });

      expect(mail.mails).toHaveLength(1);
      expect(mail.mails[0]).toMatchObject({ from: 'vidette@example.com', to: ['ada@example.com'] });
      expect(mail.mails[0]!.content).toContain('Subject: Vidette: stays');
      expect(mail.mails[0]!.content).toContain(jpeg.toString('base64').slice(0, 60));
      await hook.close();
    },
    RUNS_FOR_MS,
  );

  it(
    'is suppressed in the cool-down and outside of the hours, which the log shows',
    async () => {
      const hook = await startReceiver();
      const channels: AlertRule['channels'] = [{ kind: 'webhook', url: hook.url }];
      const [now, later] = [1, 2].map((hours) =>
        new Date(Date.now() + hours * 3_600_000).toISOString().slice(11, 16),
      );
      const cooled = { ...EACH_FRAME, name: 'cooled', cooldown_s: 10, channels };
      const closed = { ...EACH_FRAME, name: 'closed', hours: { from: now!, to: later! }, channels };
      await stack.run(jobWith('alerts-quiet', cooled, closed));
      const alerts = await endedAlerts('alerts-quiet', 2 * SAMPLED);
      const countOf = (rule: string, suppressed: Alert['suppressed']) =>
        alerts.filter((each) => each.rule === rule && each.suppressed === suppressed).length;
      // 24 s: at 0 s, 10.4 s and 20.8 s.
      expect(countOf('cooled', null)).toBe(3);
      expect(countOf('cooled', 'cool_down')).toBe(SAMPLED - 3);
      expect(countOf('closed', 'hours')).toBe(SAMPLED);
      expect(hook.messages).toHaveLength(3);
      await hook.close();
    },
    RUNS_FOR_MS,
  );

  it(
    'is sent once if its job is evaluated again, and if the worker is killed meanwhile',
    async () => {
      const hook = await startReceiver();
      const channels: AlertRule['channels'] = [{ kind: 'webhook', url: hook.url }];
      const job = jobWith('alerts-killed', { ...EACH_FRAME, channels });
      const handle = await stack.start(job);
      await hook.received(1);
      const pid = stack.workers.pid('video_worker');
      stack.workers.kill9('video_worker');
      await stack.workers.restarted('video_worker', pid);
      await handle.result();
      const alerts = await endedAlerts('alerts-killed', SAMPLED);
      expect(alerts.map(({ at_ms }) => at_ms)).toEqual(
        Array.from({ length: SAMPLED }, (_, index) => index * 800),
      );
      expectOncePerAlert(hook, alerts);

      // Without its result and its states, the job runs again on its parts, with the same alerts.
      await stack.objects.remove(BUCKETS.results, keys.result('alerts-killed'));
      for await (const key of stack.objects.list(BUCKETS.results, 'alerts/alerts-killed/'))
        await stack.objects.remove(BUCKETS.results, key);
      await stack.run(job);
      expect(await alertsOf('alerts-killed')).toEqual(alerts.toReversed());
      expectOncePerAlert(hook, alerts);
      await hook.close();
    },
    RUNS_FOR_MS,
  );

  it(
    'is not sent again if the worker is killed while the receiver has it',
    async () => {
      const hook = await startReceiver({ answers: ['none'] });
      const channels: AlertRule['channels'] = [{ kind: 'webhook', url: hook.url }];
      const rule = { ...EACH_FRAME, cooldown_s: 60, channels };
      const handle = await stack.start(jobWith('alerts-unknown', rule));
      await hook.received(1);
      const pid = stack.workers.pid('video_worker');
      stack.workers.kill9('video_worker');
      await stack.workers.restarted('video_worker', pid);
      await handle.result();
      const [alert] = await endedAlerts('alerts-unknown', SAMPLED);
      const reason = expect.stringContaining('may have arrived') as string;
      expect(alert).toMatchObject({
        status: 'failed',
        deliveries: [{ state: 'failed', attempts: [{ state: 'failed', reason }] }],
      });
      const workflow = stack.client.workflow.getHandle(alertWorkflowIdOf(alert!.alert_id));
      await expect.poll(async () => (await workflow.describe()).status.name).toBe('FAILED');
      expect(hook.messages).toHaveLength(1);
      await hook.close();
    },
    RUNS_FOR_MS,
  );

  it(
    'is tried again after a refusal, and deleted with its job',
    async () => {
      const hook = await startReceiver({ answers: [503] });
      const channels: AlertRule['channels'] = [{ kind: 'webhook', url: hook.url }];
      const rule = { ...EACH_FRAME, cooldown_s: 60, channels };
      await stack.run(jobWith('alerts-refused', rule));
      const sent = async () =>
        (await alertsOf('alerts-refused')).filter(({ status }) => status === 'sent');
      await expect.poll(sent, { timeout: RUNS_FOR_MS }).toHaveLength(1);
      const [{ deliveries } = expect.fail('It was sent')] = await sent();
      expect(deliveries[0]!.attempts.map(({ state }) => state)).toEqual(['failed', 'sent']);
      expect(hook.messages).toHaveLength(2);
      await hook.close();

      await client.deleteJob('alerts-refused');
      expect(await alertsOf('alerts-refused')).toEqual([]);
      const left: string[] = [];
      for await (const key of stack.objects.list(BUCKETS.results, 'alerts/alerts-refused/'))
        left.push(key);
      expect(left).toEqual([]);
    },
    RUNS_FOR_MS,
  );
});

function expectOncePerAlert(hook: TestReceiver, alerts: readonly Alert[]): void {
  const ids = hook.messages.map(({ headers }) => String(headers['webhook-id']));
  expect(ids.toSorted()).toEqual(alerts.map(({ alert_id }) => alert_id).toSorted());
}

describe('the API', () => {
  it('lists alerts a page at a time, and sends their frames', async () => {
    const first = (await (
      await api.at('/alerts?job=alerts-quiet&rule=cooled&limit=2')
    ).json()) as AlertPage;
    expect(first.alerts).toHaveLength(2);
    const path = `/alerts?job=alerts-quiet&rule=cooled&limit=100&cursor=${first.next}`;
    const rest = (await (await api.at(path)).json()) as AlertPage;
    expect(rest.alerts).toHaveLength(SAMPLED - 2);
    expect(rest.next).toBeNull();
    const { status } = await api.at('/alerts?cursor=nonsense');
    expect(status).toBe(400);

    const jpeg = await api.at('/alerts/alerts-channels.stays.1/snapshot.jpg');
    expect([jpeg.status, jpeg.headers.get('content-type')]).toEqual([200, 'image/jpeg']);
    const none = rest.alerts.find(({ suppressed }) => suppressed !== null)!;
    expect((await api.at(`/alerts/${none.alert_id}/snapshot.jpg`)).status).toBe(404);
  });

  it('sends a test to a channel, and returns why it failed', async () => {
    const test = async (channel: object) =>
      (await (await api.post('/alerts/test', { channel })).json()) as Alert;
    const before = mail.mails.length;
    const arrived = await test({ kind: 'email', to: 'ada@example.com' });
    expect(arrived).toMatchObject({ test: true, status: 'sent' });
    expect(mail.mails.slice(before).map(({ content }) => content)).toEqual([
      expect.stringContaining('Subject: Vidette: test'),
    ]);
    const refused = await test({ kind: 'email', to: 'refused@example.com' });
    const reason = expect.stringContaining('no such mailbox') as string;
    expect(refused).toMatchObject({ status: 'failed', deliveries: [{ attempts: [{ reason }] }] });
    const { status } = await api.post('/alerts/test', { channel: { kind: 'pigeon' } });
    expect(status).toBe(400);
  });

  it('shows no secret of a channel in the logs and the documents', async () => {
    const folder = join(stack.folder, 'logs');
    const logs = await Promise.all(
      (await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')),
    );
    const documents = JSON.stringify(await stack.documents.alerts.list({ limit: 1000 }));
    for (const secret of [TOKEN, PASSWORD]) {
      expect(logs.filter((text) => text.includes(secret))).toEqual([]);
      expect(documents.includes(secret)).toBe(false);
    }
    expect(documents.includes('token=hidden')).toBe(false);
  });
});
