import { assembleResult, type AssembleResultDeps } from './assemble-result.js';
import { closeEvent } from './close-event.js';
import { deleteJobData, type DeleteJobDeps, deleteRuns, endRuns } from './delete-job.js';
import { detectObjects, type DetectObjectsDeps } from './detect-objects.js';
import { endedBefore, listPrunable } from './ended-jobs.js';
import { extractFrames, type ExtractFramesDeps } from './extract-frames.js';
import { type ActivityName, expectActivityInput } from './input-schemas.js';
import { notifyWebhook, type NotifyWebhookDeps } from './notify-webhook.js';
import { chooseDevice, openEvent, type OpenEventDeps } from './open-event.js';
import { preprocessFrames, type PreprocessFramesDeps } from './preprocess-frames.js';
import { probeVideo, type ProbeVideoDeps } from './probe-video.js';
import { readBatch } from './read-batch.js';
import { renderVideo, type RenderVideoDeps } from './render-video.js';
import { storeFrames, type StoreFramesDeps } from './store-frames.js';

/**
 * Binds an activity to its dependencies.
 * @returns a function that rejects with `INVALID_INPUT` if its input does not match the schema.
 */
function bind<Deps, Input, Output>(
  name: ActivityName,
  activity: (deps: Deps, input: Input) => Promise<Output>,
  deps: Deps,
): (input: Input) => Promise<Output> {
  return async (input) => {
    expectActivityInput(name, input);
    return activity(deps, input);
  };
}

/** Creates the activities of the queue `video`, which any host can run. */
export function createVideoActivities(
  deps: OpenEventDeps &
    ProbeVideoDeps &
    ExtractFramesDeps &
    AssembleResultDeps &
    DeleteJobDeps &
    NotifyWebhookDeps &
    RenderVideoDeps,
) {
  return {
    openEvent: bind('openEvent', openEvent, deps),
    chooseDevice: bind('chooseDevice', chooseDevice, deps),
    probeVideo: bind('probeVideo', probeVideo, deps),
    extractFrames: bind('extractFrames', extractFrames, deps),
    assembleResult: bind('assembleResult', assembleResult, deps),
    closeEvent: bind('closeEvent', closeEvent, deps),
    readBatch: bind('readBatch', readBatch, deps),
    notifyWebhook: bind('notifyWebhook', notifyWebhook, deps),
    renderVideo: bind('renderVideo', renderVideo, deps),
    endRuns: bind('endRuns', endRuns, deps),
    deleteJobData: bind('deleteJobData', deleteJobData, deps),
    deleteRuns: bind('deleteRuns', deleteRuns, deps),
    listPrunable: bind('listPrunable', listPrunable, deps),
    endedBefore: bind('endedBefore', endedBefore, deps),
  };
}

/** Creates the activities of a host queue: they need the files that `extractFrames` stored there. */
export function createHostActivities(deps: PreprocessFramesDeps & StoreFramesDeps) {
  return {
    preprocessFrames: bind('preprocessFrames', preprocessFrames, deps),
    storeFrames: bind('storeFrames', storeFrames, deps),
    dropScratch: bind('dropScratch', dropScratch, deps),
  };
}

/** Creates the activities of the queues `detect-cpu` and `detect-gpu`. */
export function createDetectActivities(deps: DetectObjectsDeps) {
  return { detectObjects: bind('detectObjects', detectObjects, deps) };
}

/** Removes the frames of an event from this host. */
function dropScratch(
  { scratch }: Pick<PreprocessFramesDeps, 'scratch'>,
  { event_id }: { readonly event_id: string },
): Promise<void> {
  return scratch.dropEvent(event_id);
}

export type VideoActivities = ReturnType<typeof createVideoActivities>;
export type HostActivities = ReturnType<typeof createHostActivities>;
export type DetectActivities = ReturnType<typeof createDetectActivities>;
