import { jobUrl } from '../api/jobs.js';
import { pause, waitUntilBack } from '../api/connection.js';
import { messageOf } from '../api/request.js';
import { element, fill, icon } from '../dom.js';
import { formatPercent } from '../format.js';
import { checkVideo } from './video-source.js';

const FORMATS = [
  ['json', 'Result', 'complete, as stored'],
  ['jsonl', 'JSON Lines', 'one line per frame'],
  ['csv', 'CSV', 'one line per detection, for spreadsheets'],
  ['coco', 'COCO', 'images, annotations, categories'],
  ['yolo', 'YOLO', 'one label file per frame, as ZIP'],
  ['mot', 'MOT', 'MOTChallenge detections'],
  ['vtt', 'WebVTT', 'metadata for players'],
] as const;

/** Links to the result in every format, and to the annotated video. */
export function downloads(eventId: string, signal: AbortSignal): HTMLElement {
  const links = FORMATS.map(([format, title, text]) =>
    element(
      'a',
      { class: 'download', href: jobUrl(eventId, `export?format=${format}`), download: true },
      ...contents(title, text),
    ),
  );
  return element('div', { class: 'downloads' }, ...links, annotatedVideo(eventId, signal));
}

const contents = (title: string, text: string) => [
  icon('download'),
  element('strong', {}, title),
  element('span', { class: 'text-body-secondary small' }, text),
];

/** Button that starts the render of the annotated video, shows its progress and downloads it. */
function annotatedVideo(eventId: string, signal: AbortSignal): HTMLElement {
  const text = element('span', { class: 'text-body-secondary small', role: 'status' });
  const button = element(
    'button',
    { class: 'download' },
    icon('download'),
    element('strong', {}, 'Annotated video'),
    text,
  );
  const show = (words: string, share = 0) => {
    fill(text, words);
    button.style.setProperty('--share', String(share));
  };
  const url = jobUrl(eventId, 'export?format=mp4');
  const get = async () => {
    button.disabled = true;
    try {
      show('rendering …');
      await waitForRender(url, signal, (share) =>
        show(`rendering, ${formatPercent(share)}`, share),
      );
      show('complete; the download has started');
      element('a', { href: url, download: true }).click();
    } catch (error) {
      if (!signal.aborted) show(`${messageOf(error)} Click to try again.`);
    } finally {
      button.disabled = false;
    }
  };
  show('MP4 with boxes');
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
