import { afterAll, beforeAll, expect, it } from 'vitest';
import { z } from 'zod';
import { isLoopback, listeningSockets } from '../support/listening.js';
import { type ControlPlane, startControlPlane } from './control-plane.js';
import { buildExample, type Manifest } from './manifests.js';
import { makeNode, makeVolume } from './nodes.js';

const NAMESPACE = ['--namespace', 'vidette'];
const COMPONENTS = ['gpu', 'streams'];
const WORKLOADS = [
  ...['deployment/api', 'deployment/images', 'deployment/video-worker'],
  ...['deployment/detect-worker', 'deployment/detect-worker-gpu', 'statefulset/stream-worker'],
];
const WAIT = '--timeout=120s';

const podSchema = z.object({
  metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()) }),
  spec: z.object({
    nodeName: z.string().optional(),
    containers: z.array(z.object({ image: z.string() })),
  }),
  status: z.object({ phase: z.string() }),
});
const podsSchema = z.object({ items: z.array(podSchema) });

let plane: ControlPlane;
let manifests: readonly Manifest[];
beforeAll(async () => {
  plane = await startControlPlane();
  await plane.startControllers();
  manifests = await buildExample(plane.kubectl, COMPONENTS);
  await apply([makeNode('cpu-1'), makeNode('gpu-1', 1), makeVolume('scratch'), ...manifests]);
});
afterAll(() => plane?.close());

async function apply(each: readonly Manifest[]): Promise<void> {
  const { exitCode, stderr } = await plane.kubectl.apply(each);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
}

const kubectl = (...args: string[]) => plane.kubectl.run([...args, ...NAMESPACE]);

/** Pods of a component, or all. */
async function podsOf(component?: string) {
  const selector = component ? ['--selector', `app.kubernetes.io/component=${component}`] : [];
  return podsSchema.parse(await plane.kubectl.get(['pods', ...selector, ...NAMESPACE])).items;
}

async function waitUntilReady(): Promise<void> {
  for (const name of WORKLOADS) await kubectl('rollout', 'status', name, WAIT);
}

it('gets ready, and the initialisation ends', async () => {
  await waitUntilReady();
  await kubectl('wait', '--for=condition=Complete', 'job/vidette-init', WAIT);
});

it('has the minimum of pods that its autoscalers set', async () => {
  for (const name of ['api', 'images']) {
    await kubectl('wait', `deployment/${name}`, '--for=jsonpath={.status.readyReplicas}=2', WAIT);
  }
});

it('runs one detect worker on the GPU, and nothing else on its node', async () => {
  await kubectl('scale', 'deployment/detect-worker-gpu', '--replicas=2');
  await expect.poll(async () => (await podsOf('detect-worker-gpu')).length).toBe(2);
  await expect
    .poll(async () => (await podsOf('detect-worker-gpu')).map(({ status }) => status.phase).sort())
    .toEqual(['Pending', 'Running']);
  const onGpu = (await podsOf()).filter(({ spec }) => spec.nodeName === 'gpu-1');
  expect(onGpu.map(({ metadata }) => metadata.labels['app.kubernetes.io/component'])).toEqual([
    'detect-worker-gpu',
  ]);
  await kubectl('scale', 'deployment/detect-worker-gpu', '--replicas=1');
});

it('keeps one pod of each during a drain that leaves no room for others', async () => {
  await waitUntilReady();
  const options = ['--delete-emptydir-data', '--ignore-daemonsets', '--timeout=10s'];
  const { exitCode, stderr } = await plane.kubectl.try(['drain', 'cpu-1', ...options]);
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain("would violate the pod's disruption budget");
  for (const name of ['api', 'images', 'video-worker', 'detect-worker']) {
    const running = (await podsOf(name)).filter(({ status }) => status.phase === 'Running');
    expect(running, name).toHaveLength(1);
  }
  await kubectl('uncordon', 'cpu-1');
  await waitUntilReady();
});

it('is upgraded after its Job was deleted, and not before', async () => {
  const text = JSON.stringify(manifests).replaceAll('vidette:0.1.0', 'vidette:0.2.0');
  const upgraded = JSON.parse(text) as Manifest[];
  const { exitCode, stderr } = await plane.kubectl.apply(upgraded);
  expect(exitCode).not.toBe(0);
  expect(stderr).toContain('field is immutable');
  await kubectl('delete', 'job', 'vidette-init', '--ignore-not-found');
  await apply(upgraded);
  await waitUntilReady();
  const images = new Set(
    (await podsOf()).flatMap(({ spec }) => spec.containers.map((each) => each.image)),
  );
  expect([...images].filter((image) => !image.includes(':0.2.0'))).toEqual([]);
});

it('is tested on loopback', async () => {
  const sockets = await listeningSockets(plane.pids);
  expect(sockets.length).toBeGreaterThan(2);
  expect(sockets.filter((socket) => !isLoopback(socket))).toEqual([]);
});
