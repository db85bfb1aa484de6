import { element, fill } from '../dom.js';

interface VideoSlotOptions {
  readonly video: HTMLVideoElement;
  /** Element that has the class `is-waiting` without a video. */
  readonly root: HTMLElement;
  /** Called when the slot has no video or another text. */
  readonly onWaiting: () => void;
  /** Called when the first frame of the video is loaded. */
  readonly onLoaded: () => void;
  readonly signal: AbortSignal;
}

/** What a player shows: a video, or a text until one is available. */
export interface VideoSlot {
  /** Shows a video, from the start time on. */
  readonly setVideo: (url: string) => void;
  /** Removes the video. @param text for the user, about what delays it */
  readonly showWaiting: (text: string) => void;
  /** Removes the video, which cannot be played. @param text for the user, with the reason */
  readonly showUnavailable: (text: string) => void;
  /** URL of the video once it is available; rejects if it cannot be played. */
  readonly source: Promise<string>;
}

interface OwnedVideoSlot extends VideoSlot {
  /** Text about a video that is not shown. */
  readonly notice: HTMLElement;
  readonly isWaiting: () => boolean;
  /** Time in seconds at which the next video starts. */
  readonly startS: () => number;
  readonly setStart: (timeS: number) => void;
}

/** Creates the place of a video that may not be available yet; it is empty at first. */
export function createVideoSlot(options: VideoSlotOptions): OwnedVideoSlot {
  const { video, root, onWaiting, onLoaded, signal } = options;
  const notice = element('p', { class: 'player-notice', role: 'status' });
  const { promise: source, resolve, reject } = createDeferred<string>();
  let isWaiting = true;
  let startS = 0;
  const setWaiting = (next: boolean, text: string) => {
    isWaiting = next;
    root.classList.toggle('is-waiting', next);
    fill(notice, text);
  };
  const showText = (text: string) => {
    if (!isWaiting) {
      startS = video.currentTime || startS; // 0 until the video is loaded
      video.removeAttribute('src');
      video.load(); // releases the video
    }
    setWaiting(true, text);
    onWaiting();
  };
  setWaiting(true, '');
  return {
    ...{ notice, source },
    isWaiting: () => isWaiting,
    startS: () => startS,
    setStart: (timeS) => {
      startS = timeS;
    },
    setVideo: (url) => {
      setWaiting(false, '');
      video.addEventListener('loadeddata', onLoaded, { once: true, signal });
      if (startS > 0) seekWhenLoaded(video, startS, signal);
      video.src = url;
      resolve(url);
    },
    showWaiting: showText,
    showUnavailable: (text) => {
      reject(new Error(text));
      showText(text);
    },
  };
}

/** Shows a time of the video once its length is known. */
function seekWhenLoaded(video: HTMLVideoElement, timeS: number, signal: AbortSignal): void {
  const seek = () => (video.currentTime = timeS);
  video.addEventListener('loadedmetadata', seek, { once: true, signal });
}

function createDeferred<T>() {
  let resolve: (value: T) => void = () => undefined;
  let reject: (reason: Error) => void = () => undefined;
  const promise = new Promise<T>((onValue, onReason) => {
    resolve = onValue;
    reject = onReason;
  });
  promise.catch(() => undefined); // reported where it is awaited
  return { promise, resolve, reject };
}
