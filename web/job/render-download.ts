import { pause, waitUntilBack } from '../api/connection.js';
import { messageOf } from '../api/request.js';
import { element, fill, icon } from '../dom.js';
import { formatPercent } from '../format.js';
import { checkVideo } from './video-source.js';

interface RenderDownloadOptions {
  readonly title: string;
  /** What is rendered. */
  readonly text: string;
  /** Returns the URL of the video at the time of a click. */
  readonly url: () => string;
  readonly signal: AbortSignal;
}

/** Button that starts the render of a video, shows its progress and downloads it. */
export function renderDownload({ title, text, url, signal }: RenderDownloadOptions): HTMLElement {
  const status = element('span', { class: 'text-body-secondary small', role: 'status' });
  const button = element(
    'button',
    { class: 'download' },
    ...[icon('download'), element('strong', {}, title), status],
  );
  const show = (words: string, share = 0) => {
    fill(status, words);
    button.style.setProperty('--share', String(share));
  };
  const get = async () => {
    button.disabled = true;
    const href = url();
    try {
      show('rendering …');
      await waitForRender(href, signal, (share) =>
        show(`rendering, ${formatPercent(share)}`, share),
      );
      show('complete; the download has started');
      element('a', { href, download: true }).click();
    } catch (error) {
      if (!signal.aborted) show(`${messageOf(error)} Click to try again.`);
    } finally {
      button.disabled = false;
    }
  };
  show(text);
  button.addEventListener('click', () => void get());
  return button;
}

/** Requests the video until the API has rendered it. @throws RequestError if the render fails */
async function waitForRender(
  url: string,
  signal: AbortSignal,
  onShare: (share: number) => void,
): Promise<void> {
  for (;;) {
    const state = await checkVideo(url, signal);
    if (state === undefined) return;
    if (state.isMissing) throw state.error;
    onShare(state.share);
    await pause(state.retryMs, signal);
    await waitUntilBack(signal);
  }
}
