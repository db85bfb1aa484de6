import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { factsOf, labels } from '../../test/support/onnx-facts.js';
import { withMeasuredSizes, type OutputDims } from '../session/measured-sizes.js';
import type { OnnxFacts } from '../onnx/onnx-file.js';
import { type Answers, recognise } from './index.js';

type ExportFacts = Pick<OnnxFacts, 'producer' | 'metadata' | 'inputs' | 'outputs'> & {
  readonly nodes: readonly (readonly [string, string[], string[]])[];
  readonly sizes: readonly [OutputDims, OutputDims];
};

/** Descriptions of real exports, created by make-query-exports.py and make-grid-exports.py. */
function read(name: string): Readonly<Record<string, ExportFacts>> {
  const file = new URL(`../../test/fixtures/models/${name}-exports.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, ExportFacts>>;
}

const EXPORTS = { ...read('query'), ...read('grid') };

/** Facts of a real export, with dynamic dimensions as measured by a run. */
function factsOfExport(title: string, isRun = true): OnnxFacts {
  const { nodes, sizes, outputs, ...description } = EXPORTS[title]!;
  return factsOf({
    ...description,
    outputs: isRun ? outputs.map((output) => withMeasuredSizes(output, sizes)) : outputs,
    nodes: nodes.map(([operation, from, to]) => ({ operation, inputs: from, outputs: to })),
  });
}

const DETR = { family: 'detr', logits: 'logits', boxes: 'pred_boxes' };
const SOFTMAX = { ...DETR, activation: 'softmax' };
const LIST = { family: 'detections', corners: 'xyxy', coordinates: 'pixels', first_class: 1 };
const YOLOX = { family: 'yolox', strides: [8, 16, 32] };
const ROWS = { family: 'yolov5', orientation: 'rows', coordinates: 'pixels' };
const STRETCHED: Answers = { resize: { mode: 'stretch' } };
const SIZE: Answers = { size: { width: 320, height: 320 } };
const FED: Answers = { ...STRETCHED, channels: 'rgb', scale: 1 / 255 };
const BLANK = { mean: [0, 0, 0], scale: 1 / 255 };
const IMAGENET = { mean: [0.485, 0.456, 0.406], scale: 1 / 255 };

describe('recognise, of real exports of other frameworks', () => {
  it.each<[string, readonly string[], Answers, object, object]>([
    ['RT-DETR', [], {}, DETR, { ...BLANK, resize: { mode: 'stretch' } }],
    ['RT-DETR, all open', ['size'], SIZE, DETR, BLANK],
    ['RT-DETRv2', [], {}, DETR, BLANK],
    ['D-FINE', [], {}, DETR, BLANK],
    ['DETR', ['resize'], STRETCHED, SOFTMAX, IMAGENET],
    ['YOLOS', ['resize'], STRETCHED, SOFTMAX, { ...IMAGENET, width: 320, height: 224 }],
    ['Conditional DETR', ['resize'], STRETCHED, DETR, IMAGENET],
    ['Deformable DETR', ['resize'], STRETCHED, DETR, IMAGENET],
    ['RF-DETR', [], {}, { family: 'detr', logits: 'labels', boxes: 'dets' }, IMAGENET],
    ['SSDlite', ['resize'], STRETCHED, LIST, { ...BLANK, layout: 'nchw' }],
    ['SSDlite, unnamed', ['resize'], STRETCHED, LIST, BLANK],
    ['SSD300', ['resize'], STRETCHED, LIST, { ...BLANK, width: 300, height: 300 }],
    ['Faster R-CNN', ['resize'], STRETCHED, LIST, BLANK],
    ['Faster R-CNN, no batch', ['resize'], STRETCHED, LIST, { ...BLANK, layout: 'chw' }],
    ['RetinaNet', ['firstClass'], { ...STRETCHED, firstClass: 1 }, LIST, BLANK],
    ['FCOS', ['firstClass'], { ...STRETCHED, firstClass: 1 }, LIST, BLANK],
    ['YOLOX', [], {}, YOLOX, { channels: 'bgr', scale: 1 }],
    ['YOLOX, dynamic', [], {}, YOLOX, { channels: 'bgr', scale: 1 }],
    ['YOLOX, decoded', ['channels', 'scale', 'resize'], FED, ROWS, FED],
    ['YOLOv5n', [], {}, ROWS, { channels: 'rgb', resize: { mode: 'letterbox' } }],
    ['YOLOv5n, dynamic', ['size'], SIZE, ROWS, { ...BLANK, width: 320 }],
    ['YOLOv6n', ['channels', 'scale', 'resize'], FED, ROWS, FED],
  ])('recognises %s and asks for %j', (title, asked, answers, output, input) => {
    const facts = factsOfExport(title);
    const named = facts.metadata.names !== undefined;
    const given: Answers = named ? {} : { labels: labels(80) };
    expect(recognise(facts, given).questions.map(({ answer }) => answer)).toEqual(asked);
    const { draft, questions } = recognise(facts, { ...given, ...answers });
    expect(questions).toEqual([]);
    expect(draft).toMatchObject({ task: 'detect', output, input });
  });

  it.each(['RT-DETRv2', 'D-FINE', 'YOLOX, dynamic'])(
    'needs measured dimensions for %s',
    (title) => {
      const facts = factsOfExport(title, false);
      expect(() => recognise(facts, { labels: labels(80) })).toThrow('cannot be decoded');
    },
  );

  it('treats the first label as background if it is named so', () => {
    const names = ['__background__', ...labels(80)];
    const answers: Answers = { ...STRETCHED, labels: names };
    const { draft } = recognise(factsOfExport('RetinaNet'), answers);
    expect(draft?.output).toMatchObject({ first_class: 0 });
  });

  it.each([
    ['RT-DETR', 79],
    ['RF-DETR', 79],
    ['DETR', 79],
  ])('rejects too few labels for %s', (title, count) => {
    const facts = factsOfExport(title);
    expect(() => recognise(facts, { labels: labels(count) })).toThrow(
      `${title === 'DETR' ? 81 : 80} classes of RT-DETR, D-FINE or RF-DETR`,
    );
  });
});
