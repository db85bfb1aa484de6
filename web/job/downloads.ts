import { jobPart } from '../api/jobs.js';
import { pause, whenBack } from '../api/connection.js';
import { messageOf } from '../api/request.js';
import { element, fill, icon } from '../dom.js';
import { percent } from '../format.js';
import { makingOf } from './video-source.js';

const FORMATS = [
  ['json', 'Result', 'all of it, as it is stored'],
  ['jsonl', 'JSON Lines', 'a line per frame'],
  ['csv', 'CSV', 'a line per object, for tables'],
  ['coco', 'COCO', 'images, annotations, categories'],
  ['yolo', 'YOLO', 'labels by frame, as a ZIP'],
  ['mot', 'MOT', 'MOTChallenge detections'],
  ['vtt', 'WebVTT', 'metadata for players'],
] as const;

/** The result in every format, and the video with its boxes. */
export function downloads(eventId: string, signal: AbortSignal): HTMLElement {
  const links = FORMATS.map(([format, title, text]) =>
    element(
      'a',
      { class: 'download', href: jobPart(eventId, `export?format=${format}`), download: true },
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

/** Has the video made, shows how far that is, and downloads it; says where that went wrong. */
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
  const address = jobPart(eventId, 'export?format=mp4');
  const get = async () => {
    button.disabled = true;
    try {
      show('is being made …');
      await untilMade(address, signal, (share) => show(`is being made, ${percent(share)}`, share));
      show('is there; the download has begun');
      element('a', { href: address, download: true }).click();
    } catch (error) {
      if (!signal.aborted) show(`${messageOf(error)} Press to try again.`);
    } finally {
      button.disabled = false;
    }
  };
  show('MP4 with the boxes drawn in');
  button.addEventListener('click', () => void get());
  return button;
}

/** Asks for the video until it is there; the API makes it meanwhile. */
async function untilMade(
  address: string,
  signal: AbortSignal,
  onShare: (share: number) => void,
): Promise<void> {
  for (;;) {
    const making = await makingOf(address, signal);
    if (making === undefined) return;
    if (making.isMissing) throw making.refusal;
    onShare(making.share);
    await pause(making.retryMs, signal);
    await whenBack(signal);
  }
}
