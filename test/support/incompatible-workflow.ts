import { proxyActivities } from '@temporalio/workflow';

const { probeVideo } = proxyActivities<{ probeVideo: (input: object) => Promise<void> }>({
  taskQueue: 'video',
  startToCloseTimeout: '1h',
});

/** Workflow with the names of the project's workflows and other activities. */
export async function VideoDetection(request: object): Promise<void> {
  await probeVideo(request);
}

export {
  VideoDetection as AnnotateVideo,
  VideoDetection as ControlStream,
  VideoDetection as DeleteJob,
  VideoDetection as IndexJobs,
  VideoDetection as NotifyWebhook,
  VideoDetection as PredictBatch,
  VideoDetection as PreviewVideo,
  VideoDetection as PruneJobs,
  VideoDetection as RenderClip,
  VideoDetection as RenderReel,
  VideoDetection as RenderSprite,
  VideoDetection as RescorePast,
  VideoDetection as RetrainModel,
  VideoDetection as ScheduledRetraining,
  VideoDetection as SendAlert,
  VideoDetection as StreamDetection,
  VideoDetection as VideoBatch,
};
