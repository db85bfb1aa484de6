import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ownEnvironment } from '../../config/index.js';
import { TRAINING_FILES } from '../../domain/retrain/training-folder.js';
import { KERAS_WORKER, prepareKeras } from '../support/keras-worker.js';
import { LITE0 } from '../support/lite0.js';
import {
  classifierManifest,
  STRIPED_CLASSES,
  writeTrainingFolder,
} from '../support/training-folder.js';

const SCRIPT = join(import.meta.dirname, 'check_backbone.py');
const TEST_MS = 600_000;
const python = await prepareKeras();

describe.skipIf(python === undefined || !existsSync(LITE0))('the trainer with a backbone', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'vidette-backbone-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it(
    'trains a last layer, and keeps the weights of the backbone',
    async () => {
      const backbone = join(folder, 'backbone.keras');
      const env = {
        ...ownEnvironment(),
        ...{ PYTHONPATH: KERAS_WORKER, PYTHONDONTWRITEBYTECODE: '1' },
        VIDETTE_TRAIN_BACKBONE: backbone,
      };
      const run = (...args: readonly string[]) => execa(python!, args, { env, cwd: folder }); // else skipped
      await run(SCRIPT, 'make', backbone);
      const manifest = await classifierManifest(LITE0, 'fish', {
        ...{ scale: 1, mean: [127, 127, 127], std: [128, 128, 128], resize: { mode: 'stretch' } },
      });
      const params = { steps: 3, batch: 4, checkpoint_s: 3600 };
      await writeTrainingFolder(folder, { path: LITE0, manifest }, { perClass: 4, params });
      const { stdout } = await run('-m', 'vidette_train.trainer');
      expect(JSON.parse(stdout.trim().split('\n').at(-1)!)).toMatchObject({ step: 3, of: 3 });
      const labels: unknown = JSON.parse(
        await readFile(join(folder, TRAINING_FILES.labels), 'utf8'),
      );
      expect(labels).toEqual([...STRIPED_CLASSES].sort());
      const network = join(folder, 'out/network.keras');
      const compared = JSON.parse(
        (await run(SCRIPT, 'compare', backbone, network)).stdout,
      ) as object;
      expect(compared).toMatchObject({ same: true, trained: 2 });
      expect(compared).not.toMatchObject({ bias: 0 });
    },
    TEST_MS,
  );
});
