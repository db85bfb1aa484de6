import { jobUrl } from '../api/jobs.js';
import { element, icon } from '../dom.js';
import { renderDownload } from './render-download.js';

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
  const annotated = renderDownload({
    ...{ title: 'Annotated video', text: 'MP4 with boxes', signal },
    url: () => jobUrl(eventId, 'export?format=mp4'),
  });
  return element('div', { class: 'downloads' }, ...links, annotated);
}

const contents = (title: string, text: string) => [
  icon('download'),
  element('strong', {}, title),
  element('span', { class: 'text-body-secondary small' }, text),
];
