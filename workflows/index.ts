export { VideoDetection } from './video-detection.js';
