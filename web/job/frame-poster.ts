import type { Size } from '../../domain/result/detection.js';

interface FramePosterOptions {
  /** Element without a video, which shows the frames as its poster. */
  readonly video: HTMLVideoElement;
  /** URL of a stored frame; missing if the job stores none. */
  readonly urlOf?: ((frame: number) => string) | undefined;
  /** Called when a frame is shown. */
  readonly onShown: () => void;
}

interface FramePoster {
  /** Shows a stored frame; nothing if it is not stored, or not yet. */
  readonly show: (frame: number) => void;
  /** Size of the last frame that was shown. */
  readonly size: () => Size | undefined;
  readonly clear: () => void;
}

/** Stored frames of a job in place of its video. */
export function createFramePoster({ video, urlOf, onShown }: FramePosterOptions): FramePoster {
  let wanted: number | undefined;
  let size: Size | undefined;
  const load = async (url: string, frame: number) => {
    const image = new Image();
    image.src = url;
    const isLoaded = await image.decode().then(
      () => true,
      () => false,
    );
    if (wanted !== frame) return;
    if (!isLoaded) return clear(); // it may be stored when it is shown again
    size = { width: image.naturalWidth, height: image.naturalHeight };
    video.poster = url;
    onShown();
  };
  const clear = () => {
    wanted = undefined;
    video.removeAttribute('poster');
  };
  const show = (frame: number) => {
    if (!urlOf || frame === wanted) return;
    wanted = frame;
    void load(urlOf(frame), frame);
  };
  return { show, clear, size: () => size };
}
