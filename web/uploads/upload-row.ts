import { startJob } from '../api/jobs.js';
import { messageOf } from '../api/request.js';
import { element, fill } from '../dom.js';
import { formatBytes, formatPercent } from '../format.js';
import { progressBar } from '../parts/progress-bar.js';
import { ingestVideo, discardUpload, isMultipart } from './ingest-video.js';
import { forgetUpload, findRememberedUpload } from './remembered-uploads.js';

interface UploadRowOptions {
  /** Fields of the job that starts after the upload. */
  readonly job: Readonly<Record<string, unknown>>;
  /** Called when the job has started or the upload was cancelled. */
  readonly onEnded: (hasStarted: boolean) => void;
}

/** Row of an upload, which can be paused and cancelled and starts a job at its end. */
export function uploadRow(file: File, { job, onEnded }: UploadRowOptions): HTMLElement {
  const bar = progressBar(`Upload of ${file.name}`);
  const note = element('p', { class: 'upload-note', role: 'status' });
  const pause = element('button', { class: 'btn btn-sm btn-outline-secondary' });
  const cancel = element('button', { class: 'btn btn-sm btn-outline-secondary' }, 'Cancel');
  const tools = element('div', { class: 'button-row' }, pause, cancel);
  const name = element('strong', { class: 'text-break' }, file.name);
  const root = element('div', { class: 'upload' }, name, tools, bar.root, note);
  let running: AbortController | undefined;
  let share = 0;
  const show = (now: number) => {
    share = now;
    const sent = `${formatPercent(share)} of ${formatBytes(file.size)}`;
    bar.update(share >= 1 ? null : share, share >= 1 ? 'uploaded; checking the file' : sent);
  };
  const showStopped = (reason: string) => {
    running = undefined;
    bar.update(share, `${formatPercent(share)} of ${formatBytes(file.size)}`);
    fill(note, reason);
    fill(pause, 'Resume');
    pause.hidden = false;
  };
  const run = async () => {
    const controller = new AbortController();
    running = controller;
    fill(note);
    fill(pause, 'Pause');
    pause.hidden = !isMultipart(file);
    show(share);
    try {
      const { video_id } = await ingestVideo(file, {
        ...{ onShare: show, signal: controller.signal },
        onFallback: (reason) => {
          fill(note, reason);
          pause.hidden = true;
        },
      });
      controller.signal.throwIfAborted();
      await startJob({ video_id, ...job });
      finish(true);
    } catch (error) {
      if (running === controller) showStopped(messageOf(error));
    }
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
    showStopped('Paused.');
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
