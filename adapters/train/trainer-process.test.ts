import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TrainerRun } from '../../domain/ports/trainer.js';
import type { TrainingStep } from '../../domain/retrain/training-folder.js';
import { createTrainerRunner } from './trainer-process.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-trainer-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const limits = { seconds: 60, memory_mb: 2048 };

/** Runs a script as the trainer `command`. */
async function run(script: string, options: Partial<TrainerRun> = {}): Promise<TrainingStep[]> {
  const path = join(folder, 'trainer.mjs');
  await writeFile(path, script);
  const steps: TrainingStep[] = [];
  const command = `'${process.execPath}' '${path}'`;
  const runner = createTrainerRunner({ head: [], command, wrapper: [], env: process.env });
  await runner.run('command', folder, {
    ...{ signal: new AbortController().signal, limits },
    onStep: (step) => void steps.push(step),
    onCheckpoint: () => Promise.resolve(),
    ...options,
  });
  return steps;
}

describe('a command that trains', () => {
  it('runs in its folder and reports steps between other output', async () => {
    const steps = await run(`
      import { writeFileSync } from 'node:fs';
      console.log('epoch 1');
      console.log(JSON.stringify({ step: 1, of: 2, loss: 0.5, speed: 3 }));
      console.log(JSON.stringify({ step: 2, of: 2 }));
      writeFileSync('done', '');
    `);
    expect(steps).toEqual([
      { step: 1, of: 2, loss: 0.5 },
      { step: 2, of: 2, loss: null },
    ]);
    expect(existsSync(join(folder, 'done'))).toBe(true);
  });

  it('is notified when its checkpoint is stored', async () => {
    const stored: number[] = [];
    const onCheckpoint = ({ step }: TrainingStep) => Promise.resolve(void stored.push(step));
    await run(
      `
      import { createInterface } from 'node:readline';
      import { writeFileSync } from 'node:fs';
      console.log(JSON.stringify({ step: 7, of: 9, checkpoint: true }));
      for await (const line of createInterface({ input: process.stdin })) {
        writeFileSync('answer', line);
        process.exit(0);
      }
    `,
      { onCheckpoint },
    );
    expect(stored).toEqual([7]);
    expect(await readFile(join(folder, 'answer'), 'utf8')).toBe('{"saved":7}');
  });

  it.each([
    ['TRAIN_DATA', 'TRAIN_DATA'],
    ['SOMETHING', 'TRAIN_DIVERGED'],
  ])('fails with the reported error %s as %s', async (code, expected) => {
    const line = JSON.stringify({ error: { code, message: 'no images of cats' } });
    const failed = run(`console.log(${JSON.stringify(line)}); process.exitCode = 1;`);
    await expect(failed).rejects.toMatchObject({ code: expected, message: 'no images of cats' });
  });

  it('fails with the end of its standard error', async () => {
    const failed = run("console.error('ModuleNotFoundError: torch'); process.exitCode = 3;");
    await expect(failed).rejects.toMatchObject({ code: 'TRAIN_DIVERGED', retryable: false });
    await expect(failed).rejects.toThrow('exit code 3: ModuleNotFoundError: torch');
  });

  it('is tried again if it was killed from outside', async () => {
    const failed = run("process.kill(process.pid, 'SIGKILL');");
    await expect(failed).rejects.toThrow('ended by SIGKILL');
    await expect(failed).rejects.not.toHaveProperty('code');
  });

  const FOREVER = 'setInterval(() => undefined, 1000);';

  it('is killed at its time limit', async () => {
    const failed = run(FOREVER, { limits: { ...limits, seconds: 0.2 } });
    await expect(failed).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('is killed at its memory limit', async () => {
    const failed = run(FOREVER, { limits: { ...limits, memory_mb: 1 } });
    await expect(failed).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
    await expect(failed).rejects.toThrow('1 MiB');
  });

  it('is killed at the memory limit with its children', async () => {
    const fill = `setTimeout(() => (globalThis.kept = Buffer.alloc(300 * 1024 ** 2, 1)), 100); ${FOREVER}`;
    const failed = run(
      `
      import { spawn } from 'node:child_process';
      spawn(process.execPath, ['-e', ${JSON.stringify(fill)}]);
      ${FOREVER}
    `,
      { limits: { ...limits, memory_mb: 256 } },
    );
    await expect(failed).rejects.toMatchObject({ code: 'LIMIT_EXCEEDED' });
  });

  it('is killed when the training is cancelled', async () => {
    const stop = new AbortController();
    const failed = run(`console.log('{"step":0,"of":1}'); ${FOREVER}`, {
      signal: stop.signal,
      onStep: () => stop.abort(new Error('cancelled')),
    });
    await expect(failed).rejects.toThrow('cancelled');
  });

  it('fails if it cannot be started', async () => {
    const head = [join(folder, 'missing')];
    const runner = createTrainerRunner({ head, command: undefined, wrapper: [], env: {} });
    const failed = runner.run('head', folder, {
      ...{ signal: new AbortController().signal, limits },
      ...{ onStep: () => undefined, onCheckpoint: () => Promise.resolve() },
    });
    await expect(failed).rejects.toThrow('ENOENT');
  });

  it('is missing from a worker without one', async () => {
    const runner = createTrainerRunner({ head: [], command: undefined, wrapper: [], env: {} });
    const failed = runner.run('command', folder, {
      ...{ signal: new AbortController().signal, limits },
      ...{ onStep: () => undefined, onCheckpoint: () => Promise.resolve() },
    });
    await expect(failed).rejects.toThrow('VIDETTE_TRAIN_COMMAND');
  });
});
