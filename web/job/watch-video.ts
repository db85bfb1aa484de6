import { TOLERANCE_MS } from './frame-index.js';

/** Redraws when the size of the video changes; stops its download when the signal aborts. */
export function redrawWithSize(
  video: HTMLVideoElement,
  redraw: () => void,
  signal: AbortSignal,
): void {
  const resized = new ResizeObserver(redraw);
  resized.observe(video);
  video.addEventListener('loadedmetadata', redraw, { signal });
  signal.addEventListener('abort', () => {
    resized.disconnect();
    video.removeAttribute('src');
    video.load(); // stops the download
  });
}

/** Calls `onFrame` with the time of each frame that is presented. */
export function watchFrames(
  video: HTMLVideoElement,
  signal: AbortSignal,
  onFrame: (timeS: number) => void,
): void {
  // A browser may omit the callback for a frame presented during another callback. While paused, no
  // later frame would correct that.
  const onStopped = () => {
    if (video.paused) onFrame(video.currentTime - TOLERANCE_MS / 1000);
  };
  video.addEventListener('seeked', onStopped, { signal });
  video.addEventListener('loadeddata', onStopped, { signal });
  const next = () =>
    video.requestVideoFrameCallback((_, { mediaTime }) => {
      if (signal.aborted) return;
      onFrame(mediaTime);
      next();
    });
  next();
}
