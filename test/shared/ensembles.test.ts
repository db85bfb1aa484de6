import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import { createEnsemble } from '../../cli/models/run-ensemble.js';
import { FRAME_STORAGE } from '../../domain/job/job-input.js';
import { type ModelRef, modelRefOf } from '../../domain/model/model-manifest.js';
import { isGap } from '../../domain/stream/entry.js';
import { startScenario } from '../support/camera-scenarios.js';
import { CITY, ROAD, writeConstantDetector } from '../support/constant-detectors.js';
import { formOf, startImageApi } from '../support/image-api.js';
import { makeMovingClip } from '../support/moving-camera.js';

const NAME = 'ensembles-street';
const VIDEO = 'ensembles-clip';
const SECONDS = 2;
const RUNS_FOR_MS = 120_000;
/** Fused confidences: (0.8 * 1 + 0.6 * 2) / 3, that of the only member with the class, 0.6 / 3. */
const FUSED = [
  ['car', 0.66667],
  ['truck', 0.5],
  ['person', 0.2],
];

const api = startImageApi();
let model: ModelRef;
let clip: string;
beforeAll(async () => {
  const { stack } = api;
  const models = createModelRegistry(stack.objects);
  for (const member of [CITY, ROAD]) {
    const named = { ...member, name: `ensembles-${member.name}` };
    const { path, manifest } = await writeConstantDetector(stack.folder, named);
    await models.publish(path, manifest);
  }
  const members = ['ensembles-city@1', 'ensembles-road'];
  const flags = { members, weights: [1, 2], iou: 0.55, memberConf: 0.1, fuse: 'mean' } as const;
  model = modelRefOf(await createEnsemble(models, NAME, flags));
  const folder = join(stack.settings['VIDETTE_FILE_ROOT']!, 'ensembles'); // set for the shared stack
  await mkdir(folder, { recursive: true });
  clip = await makeMovingClip(join(folder, 'clip.mp4'), SECONDS);
  await stack.putVideo(VIDEO, clip);
});

const found = (objects: readonly { readonly class: string; readonly conf: number }[]) =>
  objects.map(({ class: name, conf }) => [name, conf]);

describe('an ensemble', () => {
  it.each(FRAME_STORAGE)(
    'detects the frames of a video, stored as %s',
    async (frames) => {
      const event_id = `ensembles-${frames}`;
      const job = { video_id: VIDEO, event_id, frames, model: NAME, conf: 0.1 };
      expect(await api.stack.run(job)).toMatchObject({ status: 'ready', skipped: 0 });
      const result = await api.stack.result(event_id);
      expect(result.model).toEqual(model);
      expect(model.members?.map(({ name }) => name)).toEqual(['ensembles-city', 'ensembles-road']);
      expect(result.frames.length).toBeGreaterThan(0);
      for (const { objects } of result.frames) expect(found(objects)).toEqual(FUSED);
    },
    RUNS_FOR_MS,
  );

  it('detects an image', async () => {
    const { status, body } = await api.post(`/detect?model=${NAME}&conf=0.1`, formOf({}, api.png));
    expect(status).toBe(200);
    const { objects } = body['prediction'] as { objects: Parameters<typeof found>[0] };
    expect(found(objects)).toEqual(FUSED);
  });

  it(
    'detects the frames of a camera',
    async () => {
      const scenario = await startScenario(api.stack, {
        ...{ camera_url: `file://${clip}`, pace: 'fast', fps: 2, model: NAME, conf: 0.1 },
      });
      await scenario.handle.result();
      const rows = (await scenario.entries()).flatMap((entry) => (isGap(entry) ? [] : [entry]));
      expect(rows).toHaveLength(SECONDS * 2);
      for (const row of rows) {
        expect(row.details?.model).toEqual(model);
        expect(row.detections.map(({ confidence }) => confidence)).toEqual(
          FUSED.map(([, confidence]) => confidence),
        );
      }
    },
    RUNS_FOR_MS,
  );
});
