import { cocoOf } from './coco.js';
import { csvOf } from './csv.js';
import type { ExportOptions, ExportSource } from './export-source.js';
import { jsonlOf } from './jsonl.js';
import { motOf } from './mot.js';
import { vttOf } from './vtt.js';
import { type ExportFile, yoloFilesOf } from './yolo.js';

/** Formats of exports; `json` is the stored result object. */
export const EXPORT_FORMATS = [
  'json',
  'jsonl',
  'csv',
  'coco',
  'yolo',
  'mot',
  'vtt',
  'mp4',
] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

/** Formats that are written from the rows of a result; of these, `yolo` is several files. */
export type TextFormat = Exclude<ExportFormat, 'json' | 'yolo' | 'mp4'>;

interface FormatInfo {
  readonly mediaType: string;
  /** Suffix of the file name after the event id. */
  readonly suffix: string;
}

const FORMATS: Readonly<Record<ExportFormat, FormatInfo>> = {
  json: { mediaType: 'application/json', suffix: '.json' },
  jsonl: { mediaType: 'application/x-ndjson', suffix: '.jsonl' },
  csv: { mediaType: 'text/csv; charset=utf-8', suffix: '.csv' },
  coco: { mediaType: 'application/json', suffix: '.coco.json' },
  yolo: { mediaType: 'application/zip', suffix: '.yolo.zip' },
  mot: { mediaType: 'text/plain; charset=utf-8', suffix: '.mot.txt' },
  vtt: { mediaType: 'text/vtt; charset=utf-8', suffix: '.vtt' },
  mp4: { mediaType: 'video/mp4', suffix: '.annotated.mp4' },
};

/** Media type and file name of an export. */
export function describeExport(format: ExportFormat, eventId: string) {
  const { mediaType, suffix } = FORMATS[format];
  return { mediaType, fileName: `${eventId}${suffix}` };
}

const ENCODERS: Readonly<
  Record<TextFormat, (source: ExportSource, options: ExportOptions) => AsyncIterable<string>>
> = { jsonl: jsonlOf, csv: csvOf, coco: cocoOf, mot: motOf, vtt: vttOf };

/** The text of an export in pieces; it is never whole in memory. */
export function exportText(
  format: TextFormat,
  source: ExportSource,
  options: ExportOptions = {},
): AsyncIterable<string> {
  return ENCODERS[format](source, options);
}

/** The files of an export that is several. */
export function exportFiles(
  source: ExportSource,
  options: ExportOptions = {},
): AsyncIterable<ExportFile> {
  return yoloFilesOf(source, options);
}
