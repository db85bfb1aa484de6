import { createDatasetStore } from '../../adapters/store/dataset-store.js';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import {
  type AwaitRenderOptions,
  createVidetteClient,
  type RenderState,
  type VidetteClient,
} from '../../client/index.js';
import type { RenderKind } from '../../domain/names.js';
import { describeImage } from '../../models/dataset/describe-image.js';
import type { ConnectedStack } from './connected-stack.js';

/** The library on the servers of a stack. */
export function clientOf(stack: ConnectedStack): VidetteClient {
  const { client: temporal, objects, documents, settings } = stack;
  const cameraKey = settings['VIDETTE_CAMERA_KEY'];
  const models = createModelRegistry(objects);
  const datasets = createDatasetStore(objects);
  const stores = { objects, documents, models, datasets };
  return createVidetteClient({ temporal, ...stores, describeImage, cameraKey });
}

/** Requests a render of a job, and resolves when ffmpeg has reported its first frames. */
export function waitForRenderStart(
  client: VidetteClient,
  eventId: string,
  kind: RenderKind,
): Promise<void> {
  return waitForFrames((options) =>
    kind === 'annotated'
      ? client.annotatedVideo(eventId, options)
      : client.playableSource(eventId, options),
  );
}

/** Requests a render, and resolves when ffmpeg has reported its first frames. */
export async function waitForFrames(
  request: (options: AwaitRenderOptions) => Promise<RenderState>,
): Promise<void> {
  for (;;) {
    const state = await request({ timeoutMs: 0 });
    if (state.state === 'ready') throw new Error('The video is made already');
    if (state.frames_done > 0) return;
  }
}
