export { NotifyWebhook } from './notify-webhook.js';
export { VideoDetection } from './video-detection.js';
