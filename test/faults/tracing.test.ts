import { join } from 'node:path';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { workflowIdOf } from '../../domain/workflow-ids.js';
import { projectFile } from '../../platform/package-root.js';
import { json, startApi, type TestApi } from '../support/api.js';
import { CLIP_KINDS, makeClip } from '../support/clips.js';
import { startStack, type TestStack } from '../support/stack.js';
import {
  type ReceivedSpan,
  startTraceReceiver,
  type TraceReceiver,
} from '../support/trace-receiver.js';

const VIDEO_ID = 'traced';
/** Sink of a bundle that records spans; those of a replay are not sent. */
const SINKS = { exporter: { export: { fn: () => undefined, callDuringReplay: false } } };
const WAIT = { timeout: 60_000, interval: 100 };
/** Trace and span of the caller, as W3C's header `traceparent` has them. */
const CALLER = { trace: '4bf92f3577b34da6a3ce929d0e0e4736', span: '00f067aa0ba902b7' };
const SUBMIT = 'POST /api/v1/jobs';
const RUN = 'RunWorkflow:VideoDetection';
/** Spans that only processes of their kind send, and the process of each. */
const PROCESSES = {
  [SUBMIT]: 'api',
  'StartWorkflow:VideoDetection': 'api',
  [RUN]: 'video-worker',
  'RunActivity:probeVideo': 'video-worker',
  'RunActivity:detectObjects': 'detect-worker',
  lane: 'detect-worker',
};

let receiver: TraceReceiver;
let stack: TestStack;
let api: TestApi;
beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR', () => undefined) });
  receiver = await startTraceReceiver();
  const variables = { OTEL_EXPORTER_OTLP_ENDPOINT: `${receiver.endpoint}/`, VIDETTE_MODEL: 'mock' };
  stack = await startStack({ ...variables, OTEL_BSP_SCHEDULE_DELAY: '200' });
  api = await startApi(stack);
  const clip = join(stack.folder, 'clip.mp4');
  await makeClip({ ...CLIP_KINDS[0]!, frames: 20 }, clip);
  await stack.putVideo(VIDEO_ID, clip);
});
afterAll(async () => {
  await api?.stop();
  await stack?.close();
  await receiver?.close();
});

/** Submits a job over HTTP, waits for its end and returns its id. */
async function runJob(headers: Readonly<Record<string, string>>, options: object) {
  const response = await api.post('/jobs', { video_id: VIDEO_ID, ...options }, headers);
  const { event_id } = await json<{ event_id: string }>(response);
  await stack.client.workflow.getHandle(workflowIdOf(event_id)).result();
  return event_id;
}

/** Waits for the last span of a job and returns all spans of its trace. */
async function traceOf(eventId: string): Promise<readonly ReceivedSpan[]> {
  const isEnd = ({ name, attributes }: ReceivedSpan) =>
    name === RUN && attributes['workflowId'] === workflowIdOf(eventId);
  // Each process sends its spans by itself.
  return vi.waitFor(() => {
    const end = receiver.spans.find(isEnd);
    const trace = receiver.spans.filter(({ traceId }) => traceId === end?.traceId);
    expect(trace.map(({ name }) => name)).toEqual(
      expect.arrayContaining([...Object.keys(PROCESSES), 'RunActivity:closeEvent']),
    );
    return trace;
  }, WAIT);
}

const named = (trace: readonly ReceivedSpan[], name: string) =>
  trace.filter((span) => span.name === name);

/** Names of the spans above a span, the nearest first. */
function ancestors(trace: readonly ReceivedSpan[], span: ReceivedSpan): string[] {
  const parent = trace.find(({ spanId }) => spanId === span.parentSpanId);
  return parent ? [parent.name, ...ancestors(trace, parent)] : [];
}

describe('a job over HTTP', () => {
  let trace: readonly ReceivedSpan[];
  let eventId: string;
  beforeAll(async () => {
    const traceparent = `00-${CALLER.trace}-${CALLER.span}-01`;
    eventId = await runJob({ traceparent }, { frames: 'packed', every: 1 });
    trace = await traceOf(eventId);
  });

  test('is one trace, that of its caller, over all processes', () => {
    expect([...receiver.paths]).toEqual(['POST /v1/traces']);
    expect(trace[0]?.traceId).toBe(CALLER.trace);
    for (const [name, service] of Object.entries(PROCESSES)) {
      expect(new Set(named(trace, name).map((span) => span.service))).toEqual(new Set([service]));
    }
  });

  test('has the request as its root, and every other span has its parent', () => {
    const [request, ...others] = named(trace, SUBMIT);
    expect(others).toEqual([]);
    expect(request).toMatchObject({
      parentSpanId: CALLER.span,
      attributes: { 'http.route': '/api/v1/jobs', 'http.response.status_code': 202 },
    });
    const ids = new Set(trace.map(({ spanId }) => spanId));
    expect(ids.size).toBe(trace.length);
    const lost = trace.filter((span) => span !== request && !ids.has(span.parentSpanId ?? ''));
    expect(lost.map(({ name }) => name)).toEqual([]);
  });

  const WORKFLOW = [RUN, 'StartWorkflow:VideoDetection', SUBMIT];
  test.each(['openEvent', 'probeVideo', 'detectObjects', 'assembleResult', 'closeEvent'])(
    'has the activity %s below its workflow, and that below the request',
    (activity) => {
      const runs = named(trace, `RunActivity:${activity}`);
      expect(runs.length).toBeGreaterThan(0);
      for (const run of runs)
        expect(ancestors(trace, run)).toEqual([`StartActivity:${activity}`, ...WORKFLOW]);
    },
  );

  test.each([
    ['probe', 'probeVideo'],
    ['ffmpeg decode', 'extractFrames'],
    ['ffmpeg encode JPEG', 'preprocessFrames'],
    ['lane', 'detectObjects'],
  ])('has the span "%s" below %s', (name, activity) => {
    const spans = named(trace, name);
    expect(spans.length).toBeGreaterThan(0);
    for (const span of spans) expect(ancestors(trace, span)[0]).toBe(`RunActivity:${activity}`);
  });

  test('names what was written, below the activity that wrote it', () => {
    const writers = named(trace, 'put').map((span) => ancestors(trace, span)[0]);
    expect(new Set(writers)).toEqual(
      new Set(
        ['probeVideo', 'storeFrames', 'detectObjects', 'assembleResult'].map(
          (activity) => `RunActivity:${activity}`,
        ),
      ),
    );
    const keys = named(trace, 'put').map(({ attributes }) => attributes['key']);
    expect(keys).toContain(`results/${eventId}.json`);
  });

  test('has frames and a model at its lanes, which detected each frame once', () => {
    const lanes = named(trace, 'lane').map(({ attributes }) => attributes);
    expect(new Set(lanes.map(({ model }) => model))).toEqual(new Set(['mock']));
    expect(lanes.reduce((sum, { frames }) => sum + Number(frames), 0)).toBe(20);
  });

  // Tracing is switched on and off under running jobs.
  test.each(['workflow-bundle', 'workflow-bundle-traced'])(
    'has a history that replays on dist/%s.js',
    async (bundle) => {
      const history = await stack.client.workflow.getHandle(workflowIdOf(eventId)).fetchHistory();
      const workflowBundle = { codePath: projectFile(`dist/${bundle}.js`) };
      const options = { workflowBundle, sinks: SINKS };
      await Worker.runReplayHistory(options, history, workflowIdOf(eventId));
    },
  );
});

test('a stored frame has no span of its own', async () => {
  const trace = await traceOf(await runJob({}, { frames: 'objects' }));
  expect(named(trace, SUBMIT)[0]?.parentSpanId ?? '').toBe('');
  expect(named(trace, 'RunActivity:storeFrames').length).toBeGreaterThan(0);
  const keys = named(trace, 'put').map(({ attributes }) => String(attributes['key']));
  expect(keys.filter((key) => key.endsWith('.jpg'))).toEqual([]);
});

test('a failed activity has the error at its span', async () => {
  await stack.objects.put('videos', 'input/traced-broken.mp4', 'not a video');
  const response = await api.post('/jobs', { video_id: 'traced-broken' });
  const { event_id } = await json<{ event_id: string }>(response);
  await stack.client.workflow
    .getHandle(workflowIdOf(event_id))
    .result()
    .catch(() => undefined);
  const failed = () => receiver.spans.filter(({ status }) => status.code === 2);
  await expect
    .poll(() => failed().map(({ name }) => name))
    .toEqual(expect.arrayContaining(['probe', 'RunActivity:probeVideo']));
});

test('probes and metrics have no spans', async () => {
  const { headers } = await fetch(`${api.url}/readyz`);
  await fetch(`${api.url}/metrics`);
  await api.at('/system');
  await expect.poll(() => receiver.spans.map(({ name }) => name)).toContain('GET /api/v1/system');
  expect(headers.get('x-request-id')).not.toBeNull();
  const names = receiver.spans.map(({ name }) => name);
  expect(names.filter((name) => /readyz|metrics/.test(name))).toEqual([]);
});
