import { assembleTable } from './image-batch/assemble-table.js';
import { closeImageBatch } from './image-batch/close-image-batch.js';
import { listPictures, type ListPicturesDeps } from './image-batch/list-pictures.js';
import { openImageBatch, type OpenImageBatchDeps } from './image-batch/open-image-batch.js';
import { predictPictures, type PredictPicturesDeps } from './image-batch/predict-pictures.js';
import { checkAlerts, type CheckAlertsDeps } from './alert/check-alerts.js';
import { deliverAlert, type DeliverAlertDeps } from './alert/deliver-alert.js';
import { assembleResult, type AssembleResultDeps } from './assemble-result.js';
import { changeScenario } from './change-scenario.js';
import { closeEvent, type CloseEventDeps } from './close-event.js';
import { closeScenario, type CloseScenarioDeps } from './close-scenario.js';
import { deleteJobData, type DeleteJobDeps, deleteRuns, endRuns } from './delete-job.js';
import { deriveRange } from './derive/derive-range.js';
import { detectObjects, type DetectObjectsDeps } from './detect-objects.js';
import { endedBefore, listPrunable } from './ended-jobs.js';
import { extractFrames, type ExtractFramesDeps } from './extract-frames.js';
import { indexJob, type IndexJobDeps, listIndexable } from './index-job.js';
import { type ActivityName, expectActivityInput } from './input-schemas.js';
import { notifyWebhook, type NotifyWebhookDeps } from './notify-webhook.js';
import { chooseDevice, openEvent, type OpenEventDeps } from './open-event.js';
import { openScenario, type OpenScenarioDeps } from './open-scenario.js';
import { preprocessFrames, type PreprocessFramesDeps } from './preprocess-frames.js';
import { probeVideo, type ProbeVideoDeps } from './probe-video.js';
import { readBatch } from './read-batch.js';
import { renderClip } from './render-clip.js';
import { renderReel } from './render-reel.js';
import { renderVideo, type RenderVideoDeps } from './render-video.js';
import { comparePast } from './rescore/compare-past.js';
import { listPast, type ListPastDeps } from './rescore/list-past.js';
import { openRescore, type OpenRescoreDeps } from './rescore/open-rescore.js';
import { pruneImageBatches } from './image-batch/prune-image-batches.js';
import { pruneRetrainings } from './retrain/prune-retrainings.js';
import { pruneRescorings } from './rescore/prune-rescorings.js';
import { awaitPromotion } from './retrain/await-promotion.js';
import { closeRetrain } from './retrain/close-retrain.js';
import { evaluateModel, type EvaluateModelDeps } from './retrain/evaluate-model.js';
import { freezeDataset, type FreezeDatasetDeps } from './retrain/freeze-dataset.js';
import { judgeModel } from './retrain/judge-model.js';
import { openRetrain, type OpenRetrainDeps } from './retrain/open-retrain.js';
import { publishChallenger } from './retrain/publish-challenger.js';
import { registerInMlflow, type RegisterInMlflowDeps } from './retrain/register-in-mlflow.js';
import { trainModel, type TrainModelDeps } from './retrain/train-model.js';
import { storeFrames, type StoreFramesDeps } from './store-frames.js';
import { trackObjects } from './track-objects.js';
import { watchCamera, type WatchCameraDeps } from './watch-camera.js';

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
    CloseEventDeps &
    ProbeVideoDeps &
    ExtractFramesDeps &
    AssembleResultDeps &
    CheckAlertsDeps &
    DeliverAlertDeps &
    DeleteJobDeps &
    IndexJobDeps &
    NotifyWebhookDeps &
    RenderVideoDeps &
    OpenScenarioDeps &
    CloseScenarioDeps &
    OpenImageBatchDeps &
    ListPicturesDeps &
    FreezeDatasetDeps &
    OpenRetrainDeps &
    OpenRescoreDeps &
    ListPastDeps &
    RegisterInMlflowDeps,
) {
  return {
    openEvent: bind('openEvent', openEvent, deps),
    chooseDevice: bind('chooseDevice', chooseDevice, deps),
    probeVideo: bind('probeVideo', probeVideo, deps),
    extractFrames: bind('extractFrames', extractFrames, deps),
    deriveRange: bind('deriveRange', deriveRange, deps),
    checkAlerts: bind('checkAlerts', checkAlerts, deps),
    deliverAlert: bind('deliverAlert', deliverAlert, deps),
    trackObjects: bind('trackObjects', trackObjects, deps),
    assembleResult: bind('assembleResult', assembleResult, deps),
    closeEvent: bind('closeEvent', closeEvent, deps),
    readBatch: bind('readBatch', readBatch, deps),
    notifyWebhook: bind('notifyWebhook', notifyWebhook, deps),
    renderVideo: bind('renderVideo', renderVideo, deps),
    renderClip: bind('renderClip', renderClip, deps),
    renderReel: bind('renderReel', renderReel, deps),
    endRuns: bind('endRuns', endRuns, deps),
    deleteJobData: bind('deleteJobData', deleteJobData, deps),
    deleteRuns: bind('deleteRuns', deleteRuns, deps),
    listPrunable: bind('listPrunable', listPrunable, deps),
    endedBefore: bind('endedBefore', endedBefore, deps),
    pruneRescorings: bind('pruneRescorings', pruneRescorings, deps),
    pruneImageBatches: bind('pruneImageBatches', pruneImageBatches, deps),
    pruneRetrainings: bind('pruneRetrainings', pruneRetrainings, deps),
    listIndexable: bind('listIndexable', listIndexable, deps),
    indexJob: bind('indexJob', indexJob, deps),
    openScenario: bind('openScenario', openScenario, deps),
    changeScenario: bind('changeScenario', changeScenario, deps),
    closeScenario: bind('closeScenario', closeScenario, deps),
    openImageBatch: bind('openImageBatch', openImageBatch, deps),
    listPictures: bind('listPictures', listPictures, deps),
    assembleTable: bind('assembleTable', assembleTable, deps),
    closeImageBatch: bind('closeImageBatch', closeImageBatch, deps),
    freezeDataset: bind('freezeDataset', freezeDataset, deps),
    openRetrain: bind('openRetrain', openRetrain, deps),
    judgeModel: bind('judgeModel', judgeModel, deps),
    publishChallenger: bind('publishChallenger', publishChallenger, deps),
    awaitPromotion: bind('awaitPromotion', awaitPromotion, deps),
    closeRetrain: bind('closeRetrain', closeRetrain, deps),
    registerInMlflow: bind('registerInMlflow', registerInMlflow, deps),
    openRescore: bind('openRescore', openRescore, deps),
    listPast: bind('listPast', listPast, deps),
    comparePast: bind('comparePast', comparePast, deps),
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
export function createDetectActivities(
  deps: DetectObjectsDeps & PredictPicturesDeps & EvaluateModelDeps,
) {
  return {
    detectObjects: bind('detectObjects', detectObjects, deps),
    predictPictures: bind('predictPictures', predictPictures, deps),
    evaluateModel: bind('evaluateModel', evaluateModel, deps),
  };
}

/** Creates the activities of the queue `stream` and of the queue of a stream worker. */
export function createStreamActivities(deps: WatchCameraDeps) {
  return { watchCamera: bind('watchCamera', watchCamera, deps) };
}

/** Creates the activity of the queue `train`. */
export function createTrainActivities(deps: TrainModelDeps) {
  return { trainModel: bind('trainModel', trainModel, deps) };
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
export type TrainActivities = ReturnType<typeof createTrainActivities>;
export type StreamActivities = ReturnType<typeof createStreamActivities>;
