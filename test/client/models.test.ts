import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ownEnvironment } from '../../config/index.js';
import { modelContentHash } from '../../domain/hash.js';
import type { ModelManifest } from '../../domain/model/model-manifest.js';
import { BUCKETS, keys } from '../../domain/names.js';
import type { SelfTest } from '../../models/add/self-test.js';
import type { DetectionResult } from '../../domain/result/result.js';
import { writeOnnx } from '../../models/onnx/write-onnx.js';
import { projectFile } from '../../platform/package-root.js';
import { makeClip } from '../support/clips.js';
import type { Ended } from '../support/command-line.js';
import { BOXES, OTHER_BOXES, writeDataFileModel } from '../support/data-file-model.js';
import { writeFixtureModel } from '../support/fixture-models.js';
import { startStack, type TestStack } from '../support/stack.js';

const CLIP = {
  ...{ name: 'models', extension: 'mp4', frames: 25 },
  options: ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '25'],
};
const SIDE = 64;
/** Cells of the grids of strides 8, 16 and 32. */
const ANCHORS = 84;

// One stack: each test continues from the state that the previous one left.
let stack: TestStack;
beforeAll(async () => {
  stack = await startStack();
  await makeClip(CLIP, join(stack.folder, 'clip.mp4'));
  await stack.putVideo('clip', join(stack.folder, 'clip.mp4'));
});
afterAll(() => stack?.close());

const vidette = (...args: string[]): Promise<Ended> =>
  execa(process.execPath, [projectFile('dist/cli/main.js'), ...args], {
    ...{ cwd: stack.folder, reject: false, stdin: 'ignore', extendEnv: false },
    env: { ...ownEnvironment(), ...stack.settings },
  });

/** What a command prints, which must end well. */
async function json(...args: string[]): Promise<unknown> {
  const { stdout, stderr, exitCode } = await vidette(...args, '--json');
  if (exitCode === 0) return JSON.parse(stdout) as unknown;
  throw new Error(`vidette ${args.join(' ')} ended with ${exitCode}: ${stderr}`);
}

/** A YOLOv8 that finds one box in the middle of each image, whatever it shows. */
async function writeModel(name: string, metadata: Readonly<Record<string, string>>) {
  const dims = [1, 6, ANCHORS];
  const values = new Float32Array(6 * ANCHORS);
  [SIDE / 2, SIDE / 2, SIDE / 4, SIDE / 4, 0, 0.75].forEach((value, row) => {
    values[row * ANCHORS] = value;
  });
  const bytes = writeOnnx({
    ...{ name, opset: 13, metadata },
    inputs: [{ name: 'images', type: 'float32', dims: [1, 3, SIDE, SIDE] }],
    outputs: [{ name: 'output0', type: 'float32', dims }],
    nodes: [{ operation: 'Identity', inputs: ['found'], outputs: ['output0'] }],
    weights: [{ name: 'found', dims, values }],
  });
  await writeFile(join(stack.folder, `${name}.onnx`), bytes);
}

test('a file without class names is rejected with the flag that sets them', async () => {
  await writeModel('nameless', {});
  const ended = await vidette('models', 'add', 'nameless.onnx');
  expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
  expect(ended.stderr).toContain('--labels');
});

test('add tests a model and publishes it; list, show and test know it', async () => {
  await writeModel('tiny', { names: "{0: 'left', 1: 'right'}", description: 'of a test' });
  const added = await json('models', 'add', 'tiny.onnx', '--licence', 'MIT');
  const model = { name: 'tiny', version: 1, licence: 'MIT', classes: 2, published: true };
  expect(added).toMatchObject({ ...model, output: { family: 'yolov8' } });
  expect(added).toMatchObject({ test: { objects: [{ class: 'right', conf: 0.75 }] } });
  // Again it is the same version.
  expect(await json('models', 'add', 'tiny.onnx', '--licence', 'MIT')).toMatchObject(model);
  const [list, shown, tested] = await Promise.all([
    json('models', 'list'),
    json('models', 'show', 'tiny@1'),
    json('models', 'test', 'tiny'),
  ]);
  const names = (list as { name: string }[]).map(({ name }) => name);
  expect(names.sort()).toEqual(['tiny', 'yolox_nano']);
  expect(shown).toMatchObject({ labels: ['left', 'right'] });
  expect(tested).toMatchObject({ objects: [{ class: 'right', conf: 0.75 }] });
});

const boxesOf = ({ frames }: DetectionResult) =>
  frames.map(({ objects }) => objects.map(({ box }) => box));

/** The result of a job that the command line ran on the clip. */
async function detect(...args: string[]): Promise<DetectionResult> {
  const { event_id } = (await json('detect', 'clip', ...args)) as { event_id: string };
  return stack.result(event_id);
}

/**
 * Detections of the model with data files on the clip of 128 x 64, which is at half its size 16
 * rows below the top of the input of 64 x 64, where the boxes are at 24 to 40 both ways, and with
 * the other weights at 8 to 24 and 16 to 32.
 */
const BOX = [48, 16, 80, 48];
const OTHER_BOX = [16, 0, 48, 32];

test('weights in other files come with the model, and each training is a version', async () => {
  const home = join(stack.folder, 'outside');
  await writeDataFileModel(home, 'outside.onnx');
  const add = () => json('models', 'add', 'outside/outside.onnx', '--licence', 'MIT');
  const first = (await add()) as ModelManifest;
  expect(first).toMatchObject({ version: 1, files: [{ name: BOXES }, {}, {}] });
  const job = await detect('--model', 'outside');
  expect(boxesOf(job)).toEqual(Array(5).fill([BOX]));
  await writeFile(join(home, BOXES), OTHER_BOXES);
  expect(await add()).toMatchObject({ version: 2, sha256: first.sha256 });
  const [other, byPath, old] = await Promise.all([
    detect('--model', 'outside'),
    detect('--model', './outside/outside.onnx', '--every', '10'),
    detect('--model', 'outside@1', '--every', '10'),
  ]);
  expect(other.event_id).not.toBe(job.event_id);
  expect(boxesOf(other)).toEqual(Array(5).fill([OTHER_BOX]));
  expect(boxesOf(byPath)[0]).toEqual([OTHER_BOX]);
  expect(boxesOf(old)[0]).toEqual([BOX]);
  const [shown, tested, benched] = await Promise.all([
    json('models', 'show', 'outside@1'),
    json('models', 'test', 'outside@1'),
    json('models', 'bench', 'outside@1'),
  ]);
  expect(shown).toMatchObject({ files: first.files });
  expect(tested).toMatchObject({ objects: [{ class: 'right', conf: 0.75 }] });
  expect(benched).toMatchObject({ model: { name: 'outside', version: 1 } });
});

test('a data file that is damaged on a worker is replaced', async () => {
  const manifest = (await json('models', 'show', 'outside@1')) as ModelManifest;
  const copy = join(stack.folder, 'scratch/models', modelContentHash(manifest), BOXES);
  const whole = await readFile(copy);
  await writeFile(copy, OTHER_BOXES);
  const job = await detect('--model', 'outside@1', '--every', '2');
  expect(boxesOf(job)).toEqual(Array(13).fill([BOX]));
  expect((await readFile(copy)).equals(whole)).toBe(true);
});

test('weights that are missing or outside the folder are refused by name', async () => {
  const home = join(stack.folder, 'incomplete');
  const path = await writeDataFileModel(home);
  await rm(join(home, BOXES));
  const missing = await vidette('models', 'add', path);
  expect(missing).toMatchObject({ exitCode: 1, stdout: '' });
  expect(missing.stderr).toContain(`"${BOXES}", which is missing`);
  const bytes = await readFile(path);
  Buffer.from('../outside/ab.').copy(bytes, bytes.indexOf(BOXES));
  await writeFile(path, bytes);
  const outside = await vidette('models', 'add', path);
  expect(outside).toMatchObject({ exitCode: 1, stdout: '' });
  expect(outside.stderr).toContain(
    '"../outside/ab.", which is not allowed because it is not a plain path',
  );
});

test('the same bytes with other answers are another job with a result of its own', async () => {
  await writeModel('twice', { names: "{0: 'left', 1: 'right'}", description: 'answered twice' });
  await writeFile(join(stack.folder, 'labels.txt'), 'dog\ncat\n');
  await json('models', 'add', 'twice.onnx');
  const first = await detect('--model', 'twice');
  const answered = await json('models', 'add', 'twice.onnx', '--labels', 'labels.txt');
  expect(answered).toMatchObject({ version: 2, sha256: first.model.sha256 });
  const second = await detect('--model', 'twice');
  expect(second.event_id).not.toBe(first.event_id);
  const namesOf = ({ frames }: DetectionResult) => frames[0]?.objects.map((each) => each.class);
  expect([namesOf(first), namesOf(second)]).toEqual([['right'], ['cat']]);
  // The same answers under another name are the same job.
  await json('models', 'add', 'twice.onnx', '--labels', 'labels.txt', '--name', 'thrice');
  expect((await detect('--model', 'thrice')).event_id).toBe(second.event_id);
});

test('the mock is used where it is asked for, and results name it', async () => {
  const [{ model, frames }, other] = await Promise.all([detect('--model', 'mock'), detect()]);
  expect(model).toMatchObject({ name: 'mock', version: 1 });
  expect(frames).toHaveLength(5);
  for (const { objects } of frames) {
    expect(objects.map(({ class: name, conf }) => [name, conf])).toEqual([
      ['mock-large', 0.875],
      ['mock-small', 0.5],
    ]);
  }
  expect(other.model.name).toBe('yolox_nano');
});

test('a file is a model by its path, under its name', async () => {
  await writeModel('My own', { names: "{0: 'left', 1: 'right'}", description: 'by path' });
  const { model, frames } = await detect('--model', './My own.onnx');
  expect(model).toMatchObject({ name: 'My-own', version: 1 });
  expect(frames[0]?.objects.map(({ class: name }) => name)).toEqual(['right']);
});

test('a classifier is added and tested, and refused for a video with the models that detect', async () => {
  await writeFixtureModel(stack.folder, 'keras');
  const labels = join(stack.folder, 'class_indices.json');
  await writeFile(labels, JSON.stringify({ роза: 1, ромашка: 0, тюльпан: 2 }));
  const file = join('keras', 'model.onnx');
  const added = await json('models', 'add', file, '--name', 'flowers', '--labels', labels);
  expect(added).toMatchObject({ task: 'classify', classes: 3, published: true });
  const shown = await json('models', 'show', 'flowers');
  expect(shown).toMatchObject({ labels: ['ромашка', 'роза', 'тюльпан'] });
  const { classes } = (await json('models', 'test', 'flowers')) as SelfTest;
  expect(classes).toHaveLength(3);
  expect(classes!.reduce((sum, { conf }) => sum + conf, 0)).toBeCloseTo(1, 2);
  const refused = await vidette('detect', 'clip', '--model', 'flowers');
  expect(refused).toMatchObject({ exitCode: 2 });
  expect(refused.stderr).toContain('flowers@1 classifies images');
  const job = stack.run({ video_id: 'clip', model: 'flowers' }, 'of-flowers');
  await expect(job).rejects.toMatchObject({
    cause: { type: 'INVALID_INPUT', nonRetryable: true },
  });
  await expect(job).rejects.toHaveProperty(
    'cause.message',
    expect.stringMatching(/Models that detect: .*yolox_nano@1/),
  );
});

test('stores the boxes of a segmentation model', async () => {
  await writeFixtureModel(stack.folder, 'masks');
  const file = join('masks', 'model.onnx');
  const added = (await json('models', 'add', file, '--name', 'masks')) as { test: SelfTest };
  expect(added).toMatchObject({ task: 'segment', classes: 2, published: true });
  const areas = added.test.objects!.map(({ area }) => area!);
  expect(areas).toHaveLength(2);
  expect(Math.max(...areas)).toBeGreaterThan(0);
  const { model, frames } = await detect('--model', 'masks');
  expect(model).toMatchObject({ name: 'masks', version: 1 });
  expect(frames).toHaveLength(5);
  for (const { objects } of frames) {
    expect(objects.map(({ class: name, conf }) => [name, conf])).toEqual([
      ['свет', 0.75],
      ['тень', 0.5],
    ]);
  }
});

test('a name in no catalogue fails a job at once', async () => {
  const job = stack.run({ video_id: 'clip', model: 'unknown' }, 'of-unknown');
  const message = expect.stringContaining('vidette models add') as string;
  await expect(job).rejects.toMatchObject({ cause: { type: 'MODEL_NOT_FOUND', message } });
  expect(await vidette('detect', 'clip', '--model', 'unknown')).toMatchObject({ exitCode: 2 });
});

test('a job waits while the stored file is damaged, and continues when it is repaired', async () => {
  await stack.objects.put(BUCKETS.models, keys.model('tiny', 1), 'damaged');
  const job = await stack.start({ video_id: 'clip', model: 'tiny' }, 'waits');
  const failures = async () => {
    const { raw } = await job.describe();
    return (raw.pendingActivities ?? []).map(({ lastFailure }) => lastFailure?.message).join();
  };
  await expect.poll(failures, { timeout: 30_000 }).toContain('is damaged');
  const refused = await vidette('models', 'remove', 'tiny@1');
  expect(refused).toMatchObject({ exitCode: 2 });
  expect(refused.stderr).toContain('used by the running job waits');
  await json('models', 'add', 'tiny.onnx', '--licence', 'MIT');
  await job.result();
  const { model, frames } = await stack.result('waits');
  expect(model).toMatchObject({ name: 'tiny', version: 1 });
  expect(frames).toHaveLength(5);
});

const OWN = [
  ...['tiny@1', 'My-own@1', 'outside@1', 'outside@2', 'twice@1', 'twice@2', 'thrice@1'],
  'masks@1',
];

test('remove takes a version out, but not the only model without --force', async () => {
  expect(await vidette('models', 'remove', 'tiny')).toMatchObject({ exitCode: 2 });
  await Promise.all(OWN.map((model) => json('models', 'remove', model)));
  // A classifier is left, which no job can take.
  const [gone, last] = await Promise.all([
    vidette('models', 'show', 'tiny'),
    vidette('models', 'remove', 'yolox_nano@1'),
  ]);
  expect(gone).toMatchObject({ exitCode: 2 });
  expect(last).toMatchObject({ exitCode: 2 });
  expect(last.stderr).toContain('--force');
  for await (const key of stack.objects.list(BUCKETS.models, 'outside/')) expect(key).toBe('');
  await json('models', 'remove', 'yolox_nano@1', '--force');
  await json('models', 'remove', 'flowers@1');
  const list = (await json('models', 'list')) as { name: string }[];
  expect(list.map(({ name }) => name)).toEqual(['mock']);
});
