import { afterEach, describe, expect, it } from 'vitest';
import { LOG_UUID } from '../../test/support/log-entries.js';
import { listen, type ListeningApi } from '../../test/support/listening-api.js';
import { scenarioDocument } from '../../test/support/scenarios.js';
import type { LogEntry, Streams, VidetteClient } from '../../client/index.js';
import { viewStream } from '../../client/streams/stream-view.js';
import { createApiKey, type Scope } from '../../domain/api-key.js';
import { AppError } from '../../domain/errors.js';
import { causeOf } from '../../domain/stream/gap.js';
import { STREAMS } from './paths.js';

const STREAM = `${STREAMS}/${LOG_UUID}`;
const URL = 'rtsp://viewer:planted-secret@10.0.0.7/live';
const document = scenarioDocument({ created_at: new Date(Date.UTC(2026, 0, 11)) });
const stream = viewStream({ scenario_uuid: LOG_UUID, document, run: undefined });

const row = (frame_number: number) => ({
  ...{ scenario_uuid: LOG_UUID, frame_number, detections: [] },
  timestamp: `2026-01-11T12:30:0${frame_number}.000Z`,
});
const gap = {
  scenario_uuid: LOG_UUID,
  gap: { from: '2026-01-11T12:30:02.500Z', to: '2026-01-11T12:30:03.000Z', ...causeOf('paused') },
};
const ENTRIES: LogEntry[] = [row(1), row(2), gap, row(3)];

let api: ListeningApi;
let calls: unknown[];
afterEach(() => api.server.close());

async function start(streams: Partial<Streams> = {}, scopes?: readonly Scope[]): Promise<string> {
  calls = [];
  const results: Streams['results'] = async function* (_uuid, options = {}) {
    calls.push(options);
    await Promise.resolve();
    yield* ENTRIES.filter((entry) => 'gap' in entry || entry.frame_number > (options.after ?? 0));
  };
  const deploy: Streams['deploy'] = (message) => {
    calls.push(message);
    const workflow_id = `stream/${LOG_UUID}`;
    const facts = { scenario_uuid: LOG_UUID, worker_id: null, camera: 'rtsp://10.0.0.7' };
    return Promise.resolve({ ...facts, started: calls.length === 1, workflow_id });
  };
  const get = () => Promise.resolve(stream);
  const client = { streams: { results, deploy, get, ...streams } } as unknown as VidetteClient;
  const { key, stored } = createApiKey(
    { name: 'test', scopes: scopes ?? [], rate_per_minute: 1000 },
    new Date(),
  );
  const variables: Record<string, string> = scopes ? { VIDETTE_API_AUTH: 'keys' } : {};
  api = await listen(variables, scopes ? [stored] : [], undefined, undefined, { client });
  return key;
}

const post = (path: string, body: unknown, headers = {}) =>
  api.ask(path, {
    ...{ method: 'POST', body: JSON.stringify(body) },
    headers: { 'content-type': 'application/json', ...headers },
  });

describe('POST /api/v1/streams', () => {
  it('responds 201 to a new scenario, and 200 to one that runs', async () => {
    await start();
    const message = { scenario_uuid: LOG_UUID.toUpperCase(), camera_url: URL };
    const first = await post(STREAMS, message);
    expect([first.status, first.headers.location]).toEqual([201, STREAM]);
    expect((await post(STREAMS, message)).status).toBe(200);
    expect(calls[0]).not.toHaveProperty('fps');
  });

  it.each([
    ['an unknown field', { camera_url: URL, cls: 1 }],
    ['no scenario_uuid', { scenario_uuid: undefined, camera_url: URL }],
    ['a rate out of range', { camera_url: URL, fps: 1000 }],
    ['a webhook that no secret signs', { camera_url: URL, notify: [{ url: 'https://a.example' }] }],
  ])('rejects %s without the URL of the camera', async (_, fields) => {
    await start();
    const answer = await post(STREAMS, { scenario_uuid: LOG_UUID, ...fields });
    expect(answer.status).toBe(400);
    expect(answer.body).not.toContain('planted-secret');
    expect(JSON.stringify(api.log())).not.toContain('planted-secret');
    expect(calls).toEqual([]);
  });

  it.each<[Scope[], object, number]>([
    [['write'], { camera_url: URL }, 403],
    [['write', 'cameras'], { camera_url: URL }, 201],
    [['write'], { camera_id: 'gate' }, 201],
    [['read', 'cameras'], { camera_id: 'gate' }, 403],
  ])('with the scopes %j, of %j: %i', async (scopes, camera, status) => {
    const key = await start({}, scopes);
    const headers = { authorization: `Bearer ${key}` };
    const answer = await post(STREAMS, { scenario_uuid: LOG_UUID, ...camera }, headers);
    expect(answer.status).toBe(status);
  });

  it('responds 409 if the scenario runs with another camera', async () => {
    const exists = new AppError(
      'SCENARIO_EXISTS',
      'It is running.',
      {},
      { advice: 'change-stream' },
    );
    await start({ deploy: () => Promise.reject(exists) });
    const answer = await post(STREAMS, { scenario_uuid: LOG_UUID, camera_id: 'gate' });
    expect(answer.status).toBe(409);
    expect(answer.body).toContain('PATCH');
  });
});

it('reads a scenario', async () => {
  await start();
  const answer = await api.ask(STREAM);
  expect(JSON.parse(answer.body)).toEqual(JSON.parse(JSON.stringify(stream)));
});

describe('GET results', () => {
  it('sends rows as JSON lines', async () => {
    await start();
    const { headers, body } = await api.ask(`${STREAM}/results`);
    expect(headers['content-type']).toBe('application/x-ndjson');
    expect(body).toBe([row(1), row(2), row(3)].map((line) => `${JSON.stringify(line)}\n`).join(''));
  });

  it('sends events with the number of the row as id, and gaps with that of the row before', async () => {
    await start();
    const headers = { accept: 'text/event-stream' };
    const { body } = await api.ask(`${STREAM}/results?gaps=1`, { headers });
    const ids = [...body.matchAll(/^id: (.+)\nevent: (.+)$/gm)].map(([, id, event]) => [id, event]);
    expect(ids).toEqual([
      ...[
        ['1', 'row'],
        ['2', 'row'],
        ['2', 'gap'],
        ['3', 'row'],
        ['end', 'end'],
      ],
    ]);
  });

  it('continues after the last event that the client received', async () => {
    await start();
    const headers = { accept: 'text/event-stream', 'last-event-id': '2' };
    const { body } = await api.ask(`${STREAM}/results?gaps=1&after=1`, { headers });
    expect(calls).toMatchObject([{ after: 2 }]);
    expect(body).toMatch(/id: 2\nevent: gap/);
    expect(
      (await api.ask(`${STREAM}/results`, { headers: { 'last-event-id': 'end' } })).status,
    ).toBe(204);
  });

  it('passes the span and the mode on', async () => {
    await start();
    await api.ask(`${STREAM}/results?from=2026-01-11T12:30:00Z&after=5&follow=1`);
    expect(calls).toMatchObject([
      { after: 5, from: new Date('2026-01-11T12:30:00Z'), to: undefined, follow: true },
    ]);
  });

  it.each(['after=-1', 'from=yesterday', 'from_end=1', 'follow=maybe'])(
    'rejects %s',
    async (query) => {
      await start();
      expect((await api.ask(`${STREAM}/results?${query}`)).status).toBe(400);
    },
  );

  it('rejects an id that is not a UUID, and other formats', async () => {
    await start();
    expect((await api.ask(`${STREAMS}/street-1/results`)).status).toBe(400);
    const headers = { accept: 'text/csv' };
    expect((await api.ask(`${STREAM}/results`, { headers })).status).toBe(406);
  });
});

it('accounts for the last day by default', async () => {
  const spans: unknown[] = [];
  const account: Streams['account'] = (_, range) => {
    spans.push(range);
    const facts = { scenario_uuid: LOG_UUID, frames: 0, seen_s: 0, gaps: { paused: 5 } };
    const at = '2026-01-11T12:30:00.000Z';
    return Promise.resolve({ ...facts, from: at, to: at, problems: [] });
  };
  await start({ account });
  const { status, body } = await api.ask(`${STREAM}/account?to=2026-01-12T00:00:00Z`);
  expect([status, JSON.parse(body)]).toMatchObject([200, { gaps: { paused: 5 } }]);
  const [from, to] = ['2026-01-11T00:00:00Z', '2026-01-12T00:00:00Z'].map((text) => new Date(text));
  expect(spans).toMatchObject([{ from, to }]);
});
