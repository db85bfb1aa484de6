import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startLaneChild } from '../../lanes/lane-child.js';
import type { FromLane } from '../../lanes/protocol.js';
import { createMockModel } from '../../models/mock/mock-model.js';
import { projectFile } from '../../platform/package-root.js';

const LANES = ['dist/detection/lane-main.js', 'dist/api/images/image-lane.js'];
/** The library looks up a host about 9 s after its start, in milliseconds. */
const LOOK_UP_MS = 14_000;
const hasStrace = !(await execa('strace', ['-V'], { reject: false })).failed;

let folder: string;
let home: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-telemetry-'));
  home = await mkdtemp(join(tmpdir(), 'vidette-home-'));
});
afterEach(async () => {
  for (const path of [folder, home]) await rm(path, { recursive: true, force: true });
});

/** Starts a lane with an empty home folder, loads a model and ends the lane. */
async function runLane(entry: string, tracer: readonly string[] = [], holdMs = 0): Promise<void> {
  const { bytes, manifest } = createMockModel();
  const path = join(folder, 'model.onnx');
  await writeFile(path, bytes);
  // The stores are not used before the first job.
  const stores = ['MINIO_ENDPOINT=http://127.0.0.1:1', 'MINIO_ACCESS_KEY=a', 'MINIO_SECRET_KEY=b'];
  const variables = [`HOME=${home}`, `VIDETTE_SCRATCH_DIR=${folder}`, ...stores];
  const without = ['-u', 'ORT_DISABLE_TELEMETRY', '-u', 'XDG_CACHE_HOME'];
  const command = {
    entry: projectFile(entry),
    wrapper: [...tracer, 'env', ...without, ...variables],
  };
  const messages: FromLane<unknown>[] = [];
  const lane = startLaneChild<unknown, unknown>(command, (message) => messages.push(message));
  try {
    lane.send({ type: 'load', model: { manifest: { ...manifest, version: 1 }, path } });
    await expect.poll(() => messages).toContainEqual({ type: 'loaded' });
    await sleep(holdMs);
  } finally {
    lane.kill('SIGTERM');
    await lane.exited;
  }
}

it.each(LANES)('%s writes nothing to the home folder', async (entry) => {
  await runLane(entry);
  expect(await readdir(home, { recursive: true })).toEqual([]);
});

it.skipIf(!hasStrace)('lanes open no network connection', async () => {
  const traces = await Promise.all(
    LANES.map(async (entry, i) => {
      const trace = join(folder, `trace-${i}.txt`);
      // The tracer is a child of the lane, so that signals reach the lane.
      const tracer = ['strace', '-D', '-f', '-e', 'trace=connect,sendto,sendmsg', '-o', trace];
      await runLane(entry, tracer, LOOK_UP_MS);
      const traced = () => readFile(trace, 'utf8');
      await expect.poll(traced).toMatch(/\+\+\+ exited with 0 \+\+\+\n$/);
      return traced();
    }),
  );
  // Look-ups are connections as well: to a resolver on port 53, or to the socket of a daemon.
  const calls = traces.join('').split('\n');
  expect(calls.filter((call) => /AF_INET|AF_UNIX/.test(call))).toEqual([]);
});
