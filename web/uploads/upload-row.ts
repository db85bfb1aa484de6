import { isTemporary, messageOf } from '../api/request.js';
import { element, fill } from '../dom.js';
import { formatBytes, formatPercent } from '../format.js';
import { progressBar } from '../parts/progress-bar.js';
import { ingestVideo, discardUpload, isMultipart } from './ingest-video.js';
import { forgetUpload, findRememberedUpload } from './remembered-uploads.js';

const PAUSED = 'Paused.';

interface UploadRowOptions {
  /** Starts what the video is for, once it is stored. */
  readonly start: (videoId: string) => Promise<unknown>;
  /** Called when `start` has succeeded or the upload was cancelled. */
  readonly onEnded: (hasStarted: boolean) => void;
  /** Called instead, after `onEnded(false)`, if the API rejected the start with the stored video. */
  readonly onRefused: (videoId: string, reason: string) => void;
}

/** Row of an upload, which can be paused and cancelled. */
export function uploadRow(
  file: File,
  { start, onEnded, onRefused }: UploadRowOptions,
): HTMLElement {
  const bar = progressBar(`Upload of ${file.name}`);
  const note = element('p', { class: 'upload-note', role: 'status' });
  const pause = element('button', { class: 'btn btn-sm btn-outline-secondary' });
  const cancel = element('button', { class: 'btn btn-sm btn-outline-secondary' }, 'Cancel');
  const tools = element('div', { class: 'button-row' }, pause, cancel);
  const name = element('strong', { class: 'text-break' }, file.name);
  const root = element('div', { class: 'upload' }, name, tools, bar.root, note);
  let running: AbortController | undefined;
  let share = 0;
  /** Id of the video once it is stored: a retry does not upload it again. */
  let videoId: string | undefined;
  const show = (now: number) => {
    share = now;
    const sent = `${formatPercent(share)} of ${formatBytes(file.size)}`;
    bar.update(share >= 1 ? null : share, share >= 1 ? 'uploaded; checking the file' : sent);
  };
  const showStopped = (reason: string) => {
    running = undefined;
    bar.update(share, `${formatPercent(share)} of ${formatBytes(file.size)}`);
    fill(note, reason);
    note.classList.toggle('is-error', reason !== PAUSED);
    fill(pause, 'Resume');
    pause.hidden = false;
  };
  const run = async () => {
    const controller = new AbortController();
    running = controller;
    fill(note);
    note.classList.remove('is-error');
    fill(pause, 'Pause');
    pause.hidden = !isMultipart(file);
    show(share);
    try {
      videoId ??= await upload(controller.signal);
      controller.signal.throwIfAborted();
      await start(videoId);
      finish(true);
    } catch (error) {
      if (running !== controller) return;
      if (videoId === undefined || isTemporary(error)) return showStopped(messageOf(error));
      finish(false);
      onRefused(videoId, messageOf(error));
    }
  };
  const upload = async (signal: AbortSignal) => {
    const onFallback = (reason: string) => {
      fill(note, reason);
      pause.hidden = true;
    };
    return (await ingestVideo(file, { onShare: show, onFallback, signal })).video_id;
  };
  const finish = (hasStarted: boolean) => {
    running = undefined;
    removeEventListener('online', resume);
    root.remove();
    onEnded(hasStarted);
  };
  const resume = () => {
    if (!running && !pause.hasAttribute('data-paused-by-user')) void run();
  };
  const stop = () => {
    const stopped = running;
    running = undefined;
    stopped?.abort();
  };
  pause.addEventListener('click', () => {
    pause.toggleAttribute('data-paused-by-user', running !== undefined);
    if (!running) return void run();
    stop();
    showStopped(PAUSED);
  });
  cancel.addEventListener('click', () => {
    stop();
    const remembered = findRememberedUpload(file);
    forgetUpload(file);
    // If this fails, the upload expires within a day.
    if (remembered) void discardUpload(file, remembered.uploadId).catch(() => undefined);
    finish(false);
  });
  addEventListener('online', resume);
  void run();
  return root;
}
