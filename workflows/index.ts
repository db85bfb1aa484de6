export { ControlStream } from './control-stream.js';
export { DeleteJob } from './delete-job.js';
export { IndexJobs } from './index-jobs.js';
export { NotifyWebhook } from './notify-webhook.js';
export { PruneJobs } from './prune-jobs.js';
export { PredictBatch } from './predict-batch.js';
export { RescorePast } from './rescore-past.js';
export { RetrainModel } from './retrain-model.js';
export { SendAlert } from './send-alert.js';
export { ScheduledRetraining } from './scheduled-retraining.js';
export {
  AnnotateVideo,
  PreviewVideo,
  RenderClip,
  RenderReel,
  RenderSprite,
} from './render-video.js';
export { StreamDetection } from './stream-detection.js';
export { VideoBatch } from './video-batch.js';
export { VideoDetection } from './video-detection.js';
