import { jobPart } from '../api/jobs.js';
import { messageOf, request } from '../api/request.js';
import { element, fill, icon } from '../dom.js';
import { tell } from '../parts/messages.js';

const FORMATS = [
  ['json', 'Result', 'all of it, as it is stored'],
  ['jsonl', 'JSON Lines', 'a line per frame'],
  ['csv', 'CSV', 'a line per object, for tables'],
  ['coco', 'COCO', 'images, annotations, categories'],
  ['yolo', 'YOLO', 'labels by frame, as a ZIP'],
  ['mot', 'MOT', 'MOTChallenge detections'],
  ['vtt', 'WebVTT', 'metadata for players'],
] as const;

const DEFAULT_RETRY_S = 3;

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

function annotatedVideo(eventId: string, signal: AbortSignal): HTMLElement {
  const idle = () => contents('Annotated video', 'MP4 with the boxes drawn in');
  const button = element('button', { class: 'download' }, ...idle());
  const address = jobPart(eventId, 'export?format=mp4');
  const get = async () => {
    button.disabled = true;
    fill(button, ...contents('Annotated video', 'is being made …'));
    try {
      await untilMade(address, signal);
      element('a', { href: address, download: true }).click();
    } catch (error) {
      if (!signal.aborted) tell(messageOf(error), 'error');
    } finally {
      button.disabled = false;
      fill(button, ...idle());
    }
  };
  button.addEventListener('click', () => void get());
  return button;
}

/** Asks for the video until it is there; the API makes it meanwhile. */
async function untilMade(address: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    const response = await request(address, { signal });
    await response.body?.cancel(); // the browser downloads it by itself
    if (response.status !== 202) return;
    const waitS = Number(response.headers.get('retry-after') ?? DEFAULT_RETRY_S);
    await new Promise((resolve) => setTimeout(resolve, waitS * 1000));
    signal.throwIfAborted();
  }
}
