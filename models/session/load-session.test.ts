import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createMockModel } from '../mock/mock-model.js';
import { loadSession } from './load-session.js';

const PACKAGE = dirname(createRequire(import.meta.url).resolve('onnxruntime-node/package.json'));
const CUDA_LIBRARY = join(PACKAGE, 'bin/napi-v6/linux/x64/libonnxruntime_providers_cuda.so');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-load-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it.skipIf(existsSync(CUDA_LIBRARY))(
  'fails on a GPU without the CUDA library instead of using the CPU',
  async () => {
    const modelPath = join(folder, 'mock.onnx');
    await writeFile(modelPath, createMockModel().bytes);
    const model = { name: 'mock' };
    const options = { modelPath, threads: 1 };
    await (await loadSession(model, { ...options, device: 'cpu' })).release();
    await expect(loadSession(model, { ...options, device: 'gpu' })).rejects.toMatchObject({
      code: 'SETUP_FAILED',
      message: expect.stringMatching(
        /^Model mock could not be loaded on the GPU; check the NVIDIA driver/,
      ) as string,
      facts: { model: 'mock', device: 'gpu' },
    });
  },
);
