import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { JobDetails } from '../../client/index.js';
import { createObjectStore } from '../../adapters/store/minio-object-store.js';
import { readConfig } from '../../config/index.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { DetectionResult } from '../../domain/result/result.js';
import { projectFile } from '../../platform/package-root.js';
import { type StackStatus, stackSettings } from '../../stack/index.js';
import { makeClip } from '../support/clips.js';
import { type CommandLine, createCommandLine } from '../support/command-line.js';
import { type Dump, dumpStores } from '../support/dump-stores.js';

const CLIP = {
  ...{ name: 'backup', extension: 'mp4', frames: 50 },
  options: ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '25'],
};
const POLL = { timeout: 120_000, interval: 1000 };
const OBJECTS = [{ class: 'dog', box: [10, 10, 40, 40] }];

interface Detected {
  readonly event_id: string;
}

// One stack through its life, and the machines on which its backups are restored.
let vidette: CommandLine;
let ready: Detected;
let running: Detected;
let dumped: Dump;
const machines: CommandLine[] = [];

const backupPath = (name: string) => join(vidette.folder, name);
const job = async (machine: CommandLine, { event_id }: Detected) =>
  (await machine.json('job', event_id)) as JobDetails;

beforeAll(async () => {
  vidette = await newMachine();
  const clip = join(vidette.folder, 'clip.mp4');
  await makeClip(CLIP, clip);
  await vidette.json('up');
  ready = (await vidette.json('detect', clip)) as Detected;
  await vidette.json('keys', 'create', 'camera-1');
  const objects = join(vidette.folder, 'objects.json');
  await writeFile(objects, JSON.stringify(OBJECTS));
  await vidette.json('feedback', ready.event_id, '0', '--objects', objects, '--by', 'ann');
  await vidette.json('datasets', 'build', 'fish', '--task', 'detect');
  await putOthers();
  await suspendDetection();
  running = (await vidette.json('detect', clip, '--every', '1', '--no-wait')) as Detected;
});
afterAll(async () => {
  for (const machine of machines) await machine.close();
});

async function newMachine(): Promise<CommandLine> {
  const machine = await createCommandLine(inject('modelsDir'), { VIDETTE_MODEL: 'mock' });
  machines.push(machine);
  return machine;
}

/** Suspends the detect worker, so that a job is running for as long as the test needs it. */
async function suspendDetection(): Promise<void> {
  const { detect_worker } = (await vidette.json('status')) as StackStatus;
  process.kill(detect_worker.pid!, 'SIGSTOP'); // it runs
}

/** Puts objects of a retraining, with metadata, and one that is uploaded in parts. */
async function putOthers(): Promise<void> {
  const config = readConfig({ ...vidette.env });
  const settings = await stackSettings(config);
  const objects = createObjectStore(readConfig({ ...settings }).objectStore);
  const large = join(vidette.folder, 'large.bin');
  await writeFile(large, Buffer.alloc(20 * 1024 ** 2, 'x'));
  await objects.put(BUCKETS.results, keys.retrainReport('r1'), '{"gate":"passed"}');
  await objects.putFile(BUCKETS.results, keys.trainedModel('r1'), large);
}

async function resultOf(machine: CommandLine, { event_id }: Detected): Promise<Buffer> {
  const path = join(machine.folder, `${event_id}.json`);
  await machine.json('job', event_id, '--out', path);
  return readFile(path);
}

const csvOf = async (machine: CommandLine, { event_id }: Detected) =>
  (await machine.run('export', event_id, '--format', 'csv')).stdout;

const framesOf = (result: Buffer) =>
  (JSON.parse(result.toString('utf8')) as DetectionResult).frames;

async function finished(machine: CommandLine, detected: Detected): Promise<JobDetails> {
  const isEnded = ({ status }: JobDetails) => ['ready', 'failed', 'cancelled'].includes(status);
  await expect.poll(async () => isEnded(await job(machine, detected)), POLL).toBe(true);
  return job(machine, detected);
}

test('a backup of a running stack stops it for a moment, and its job continues', async () => {
  await expect.poll(async () => (await job(vidette, running)).status, POLL).toBe('processing');
  const backup = await vidette.json('backup', backupPath('first'));
  expect(backup).toMatchObject({
    folder: backupPath('first'),
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    stopped_ms: expect.any(Number) as number,
  });
  expect((await readdir(backupPath('first'))).sort()).toEqual(['backup.json', 'data.tar']);
  expect(await finished(vidette, running)).toMatchObject({
    status: 'ready',
    counts: { frames: 50 },
  });
});

test('the restored stack has the same results, and ends the job that was running', async () => {
  const other = await newMachine();
  const restored = (await other.json('restore', backupPath('first'))) as { created_at: string };
  await other.json('up');
  expect(await resultOf(other, ready)).toEqual(await resultOf(vidette, ready));
  expect(await csvOf(other, ready)).toBe(await csvOf(vidette, ready));
  for (const command of ['keys', 'datasets', 'models']) {
    expect(await other.json(command, 'list')).toEqual(await vidette.json(command, 'list'));
  }
  const ended = await finished(other, running);
  expect(ended).toMatchObject({ status: 'ready', counts: { frames: 50 } });
  expect(ended.closed_at! > restored.created_at).toBe(true); // it is ready
  expect(framesOf(await resultOf(other, running))).toEqual(
    framesOf(await resultOf(vidette, running)),
  );
  await other.run('down');
});

test('a backup of a stopped stack restores each object, document and history', async () => {
  await vidette.json('down');
  const { stopped_ms } = (await vidette.json('backup', backupPath('second'))) as {
    stopped_ms: unknown;
  };
  expect(stopped_ms).toBeNull();
  const other = await newMachine();
  await other.json('restore', backupPath('second'));
  dumped = await dumpStores(vidette.dataDir);
  const dump = await dumpStores(other.dataDir);
  expect(dump).toEqual(dumped);
  expect(Object.keys(dump.objects)).toEqual(
    expect.arrayContaining([
      `results/${keys.result(ready.event_id)}`,
      `results/${keys.trainedModel('r1')}`,
      `datasets/${keys.datasetManifest('fish', 1)}`,
      expect.stringMatching(/^models\//) as string,
      expect.stringMatching(/^videos\//) as string,
    ]),
  );
  expect(Object.keys(dump.histories)).toEqual(
    expect.arrayContaining([expect.stringContaining(running.event_id) as string]),
  );
  expect(dump.documents.api_keys).toHaveLength(1);
});

/** Makes a folder with a `tar` that runs the real one and then `script`. */
async function tarThen(name: string, script: string): Promise<string> {
  const folder = join(vidette.folder, name);
  await mkdir(folder);
  const path = join(folder, 'tar');
  await writeFile(path, `#!/bin/sh\nPATH=/usr/bin:/bin\ntar "$@"\n${script}\n`);
  await chmod(path, 0o755);
  return folder;
}

/** Starts a command whose tar does not end, and returns it as soon as a path exists. */
async function startHanging(machine: CommandLine, args: readonly string[], path: string) {
  const bin = await tarThen(`hanging-${args[0]}-${machine.folder.slice(-6)}`, 'sleep 300');
  const env = { ...machine.env, PATH: `${bin}:${machine.env.PATH}` };
  const child = spawn(process.execPath, [projectFile('dist/cli/main.js'), ...args], { env });
  await expect.poll(() => existsSync(path)).toBe(true);
  return child;
}

test('a backup that fails or is interrupted leaves no folder, and a killed one no name', async () => {
  const folder = backupPath('third');
  const full = await tarThen('full', 'echo "tar: No space left on device" >&2; exit 2');
  const env = { ...vidette.env, PATH: `${full}:${vidette.env.PATH}` };
  const failing = await runWith(env, 'backup', folder);
  expect(failing).toMatchObject({ exitCode: 1 });
  expect(failing.stderr).toContain('No space left on device');
  const partial = `${folder}.partial`;
  expect([existsSync(folder), existsSync(partial)]).toEqual([false, false]);
  const archive = join(partial, 'data.tar');
  const interrupted = await startHanging(vidette, ['backup', folder], archive);
  interrupted.kill('SIGINT');
  expect(await once(interrupted, 'exit')).toEqual([130, null]);
  expect([existsSync(folder), existsSync(partial)]).toEqual([false, false]);
});

async function runWith(env: NodeJS.ProcessEnv, ...args: string[]) {
  const main = projectFile('dist/cli/main.js');
  return execa(process.execPath, [main, ...args], { env, extendEnv: false, reject: false });
}

test('a restore that was killed is repeated, and no stack starts until then', async () => {
  const other = await newMachine();
  const restoring = join(other.dataDir, 'restoring');
  const second = backupPath('second');
  const killed = await startHanging(other, ['restore', second], join(restoring, 'objects'));
  killed.kill('SIGKILL');
  await once(killed, 'exit');
  const up = await other.run('up');
  expect(up.exitCode).toBe(1);
  expect(up.stderr).toContain('Run "vidette restore" again');
  await other.json('restore', second);
  expect(await dumpStores(other.dataDir)).toEqual(dumped);
});
