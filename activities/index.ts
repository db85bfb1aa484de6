import { assembleResult, type AssembleResultDeps } from './assemble-result.js';
import { closeEvent } from './close-event.js';
import { detectObjects, type DetectObjectsDeps } from './detect-objects.js';
import { extractFrames, type ExtractFramesDeps } from './extract-frames.js';
import { notifyWebhook, type NotifyWebhookDeps } from './notify-webhook.js';
import { chooseDevice, openEvent, type OpenEventDeps } from './open-event.js';
import { preprocessFrames, type PreprocessFramesDeps } from './preprocess-frames.js';
import { probeVideo, type ProbeVideoDeps } from './probe-video.js';
import { renderVideo, type RenderVideoDeps } from './render-video.js';
import { storeFrames, type StoreFramesDeps } from './store-frames.js';

/** Binds an activity to its dependencies. */
function bind<Deps, Input, Output>(
  activity: (deps: Deps, input: Input) => Promise<Output>,
  deps: Deps,
): (input: Input) => Promise<Output> {
  return (input) => activity(deps, input);
}

/** Creates the activities of the queue `video`, which any host can run. */
export function createVideoActivities(
  deps: OpenEventDeps &
    ProbeVideoDeps &
    ExtractFramesDeps &
    AssembleResultDeps &
    NotifyWebhookDeps &
    RenderVideoDeps,
) {
  return {
    openEvent: bind(openEvent, deps),
    chooseDevice: bind(chooseDevice, deps),
    probeVideo: bind(probeVideo, deps),
    extractFrames: bind(extractFrames, deps),
    assembleResult: bind(assembleResult, deps),
    closeEvent: bind(closeEvent, deps),
    notifyWebhook: bind(notifyWebhook, deps),
    renderVideo: bind(renderVideo, deps),
  };
}

/** Creates the activities of a host queue: they need the files that `extractFrames` stored there. */
export function createHostActivities(deps: PreprocessFramesDeps & StoreFramesDeps) {
  return {
    preprocessFrames: bind(preprocessFrames, deps),
    storeFrames: bind(storeFrames, deps),
    dropScratch: ({ event_id }: { readonly event_id: string }) => deps.scratch.dropEvent(event_id),
  };
}

/** Creates the activities of the queues `detect-cpu` and `detect-gpu`. */
export function createDetectActivities(deps: DetectObjectsDeps) {
  return { detectObjects: bind(detectObjects, deps) };
}

export type VideoActivities = ReturnType<typeof createVideoActivities>;
export type HostActivities = ReturnType<typeof createHostActivities>;
export type DetectActivities = ReturnType<typeof createDetectActivities>;
