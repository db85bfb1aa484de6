export { AnnotateVideo, PreviewVideo } from './render-video.js';
export { VideoDetection } from './video-detection.js';
