import { messageOf } from '../api/request.js';
import { element } from '../dom.js';
import { progressBar } from '../parts/progress-bar.js';

interface StartRowOptions {
  readonly name: string;
  /** Text for the user about what takes time. */
  readonly text: string;
  readonly start: () => Promise<unknown>;
  readonly onStarted: () => void;
  /** Receives the reason if the job could not be started. */
  readonly onRefused: (reason: string) => void;
}

/** Row of a video that needs no upload, until its job has started. */
export function startRow({
  name,
  text,
  start,
  onStarted,
  onRefused,
}: StartRowOptions): HTMLElement {
  const bar = progressBar(`Start of ${name}`);
  bar.update(null, text);
  const title = element('strong', { class: 'text-break' }, name);
  const root = element('div', { class: 'upload' }, title, element('span', {}), bar.root);
  const run = async () => {
    try {
      await start();
      onStarted();
    } catch (error) {
      onRefused(messageOf(error));
    } finally {
      root.remove();
    }
  };
  void run();
  return root;
}
