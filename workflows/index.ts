export { DeleteJob } from './delete-job.js';
export { NotifyWebhook } from './notify-webhook.js';
export { PruneJobs } from './prune-jobs.js';
export { AnnotateVideo, PreviewVideo } from './render-video.js';
export { VideoBatch } from './video-batch.js';
export { VideoDetection } from './video-detection.js';
