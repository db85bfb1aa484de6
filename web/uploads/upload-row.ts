import { startJob } from '../api/jobs.js';
import { messageOf } from '../api/request.js';
import { element, fill } from '../dom.js';
import { bytes, percent } from '../format.js';
import { progressBar } from '../parts/progress-bar.js';
import { bringVideo, giveUp, goesInParts } from './bring-video.js';
import { forgetUpload, recallUpload } from './remembered.js';

export interface UploadRowOptions {
  /** Fields of the job that starts when the file is stored. */
  readonly job: Readonly<Record<string, unknown>>;
  /** Told when its job has started, or it was cancelled. */
  readonly onEnded: (hasStarted: boolean) => void;
}

/** A file on its way into the store, which can be paused and cancelled, and then its job. */
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
    const sent = `${percent(share)} of ${bytes(file.size)}`;
    bar.update(share >= 1 ? null : share, share >= 1 ? 'sent; it is being checked' : sent);
  };
  const stand = (reason: string) => {
    running = undefined;
    bar.update(share, `${percent(share)} of ${bytes(file.size)}`);
    fill(note, reason);
    fill(pause, 'Go on');
    pause.hidden = false;
  };
  const run = async () => {
    const own = new AbortController();
    running = own;
    fill(note);
    fill(pause, 'Pause');
    pause.hidden = !goesInParts(file);
    show(share);
    try {
      const { video_id } = await bringVideo(file, {
        ...{ onShare: show, signal: own.signal },
        onDetour: (reason) => {
          fill(note, reason);
          pause.hidden = true;
        },
      });
      own.signal.throwIfAborted();
      await startJob({ video_id, ...job });
      leave(true);
    } catch (error) {
      if (running === own) stand(messageOf(error));
    }
  };
  const leave = (hasStarted: boolean) => {
    running = undefined;
    removeEventListener('online', goOn);
    root.remove();
    onEnded(hasStarted);
  };
  const goOn = () => {
    if (!running && !pause.hasAttribute('data-by-person')) void run();
  };
  const stop = () => {
    const stopped = running;
    running = undefined;
    stopped?.abort();
  };
  pause.addEventListener('click', () => {
    pause.toggleAttribute('data-by-person', running !== undefined);
    if (!running) return void run();
    stop();
    stand('Paused.');
  });
  cancel.addEventListener('click', () => {
    stop();
    const known = recallUpload(file);
    forgetUpload(file);
    // What is not given up ends by itself within a day.
    if (known) void giveUp(file, known.uploadId).catch(() => undefined);
    leave(false);
  });
  addEventListener('online', goOn);
  void run();
  return root;
}
