export { NotifyWebhook } from './notify-webhook.js';
export { AnnotateVideo, PreviewVideo } from './render-video.js';
export { VideoBatch } from './video-batch.js';
export { VideoDetection } from './video-detection.js';
