import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { factsOf } from '../../test/support/onnx-facts.js';
import type { OnnxFacts } from '../onnx/onnx-file.js';
import { recognise } from './index.js';

type ExportFacts = Pick<OnnxFacts, 'metadata' | 'inputs' | 'outputs'>;

/** Descriptions of real exports, created by make-exports.py. */
const file = new URL('../../test/fixtures/models/exports.json', import.meta.url);
const EXPORTS = JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, ExportFacts>>;

const COLUMNS = { family: 'yolov8', orientation: 'columns', coordinates: 'pixels' };
const LIST = { family: 'end-to-end', coordinates: 'pixels' };
const DETR = { family: 'end-to-end', box: 'cxcywh', coordinates: 'normalised' };
const LETTERBOX = { width: 640, height: 640, channels: 'rgb', resize: { mode: 'letterbox' } };
const STRETCH = { ...LETTERBOX, resize: { mode: 'stretch' } };
const SMALL = { width: 320, height: 320 };

it.each<[string, object, object]>([
  ['YOLOv5nu', COLUMNS, LETTERBOX],
  ['YOLOv8n', COLUMNS, LETTERBOX],
  ['YOLOv8n, dynamic', COLUMNS, LETTERBOX],
  ['YOLOv8n, 480x640', COLUMNS, { ...LETTERBOX, height: 480 }],
  ['YOLOv8n, nms', LIST, LETTERBOX],
  ['YOLOv8n, nms, dynamic', LIST, LETTERBOX],
  ['YOLOv9t', COLUMNS, { ...LETTERBOX, ...SMALL }],
  ['YOLOv10n', COLUMNS, LETTERBOX],
  ['YOLOv10n, end-to-end', LIST, LETTERBOX],
  ['YOLOv10n, end-to-end, dynamic', LIST, LETTERBOX],
  ['YOLO11n', COLUMNS, { ...LETTERBOX, ...SMALL }],
  ['YOLO12n', COLUMNS, { ...LETTERBOX, ...SMALL }],
  ['YOLO26n', COLUMNS, LETTERBOX],
  ['YOLO26n, end-to-end', LIST, LETTERBOX],
  ['RT-DETR', DETR, { ...STRETCH, ...SMALL }],
  ['RT-DETR, dynamic', DETR, STRETCH],
])('recognises a real export of %s without questions', (title, output, input) => {
  const { draft, questions } = recognise(factsOf(EXPORTS[title]!));
  expect(questions).toEqual([]);
  expect(draft).toMatchObject({ task: 'detect', output, input });
  expect(draft?.labels).toHaveLength(80);
});
