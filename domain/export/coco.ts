import { COCO_LABELS } from '../model/coco-labels.js';
import { area, type Bbox } from '../result/detection.js';
import { AppError } from '../errors.js';
import { type FrameRow, isSkipped } from '../result/result.js';
import { classIds, type ExportOptions, type ExportSource, frameName } from './export-source.js';

/** Numbers of COCO's 91 that its 80 detected classes leave out. */
const UNUSED = new Set([12, 26, 29, 30, 45, 66, 68, 69, 71, 83]);

/** COCO's own number of each of its 80 classes. @example COCO91[0] // 1, and COCO91[79] is 90 */
export const COCO91: readonly number[] = Array.from({ length: 90 }, (_, i) => i + 1).filter(
  (id) => !UNUSED.has(id),
);

/**
 * One JSON object `{info, licenses, images, annotations, categories}`; the frames are read twice.
 * Boxes are `[x, y, width, height]`; skipped frames are omitted. Streaming readers require
 * `licenses`, which is empty.
 * @throws AppError `INVALID_INPUT` when COCO's ids are asked of a model with other classes.
 */
export function cocoOf(
  source: ExportSource,
  { ids = 'model' }: ExportOptions = {},
): AsyncIterable<string> {
  return cocoText(source, categoriesOf(source.classes, ids));
}

async function* cocoText(
  source: ExportSource,
  categories: ReturnType<typeof categoriesOf>,
): AsyncGenerator<string> {
  yield `{\n"info": ${JSON.stringify(infoOf(source))},\n"licenses": [],\n"images": [`;
  yield* listOf(rowsOf(source), (row) => [imageOf(source, row)]);
  yield '],\n"annotations": [';
  const numbers = classIds(source.classes);
  let id = 1;
  yield* listOf(rowsOf(source), ({ frame, objects }) =>
    objects.map(({ class: name, box, conf, track_id }) => ({
      ...{ id: id++, image_id: frame, category_id: categories[numbers.get(name)!]!.id },
      ...{ bbox: cornerAndSize(box), area: area(box), iscrowd: 0, score: conf },
      ...(track_id !== undefined && { track_id }),
    })),
  );
  yield `],\n"categories": ${JSON.stringify(categories)}\n}\n`;
}

/** Category ids are class ids plus 1, for 0 is the background to many a reader. */
function categoriesOf(classes: readonly string[], ids: 'model' | 'coco91') {
  if (ids === 'coco91' && !isCoco(classes)) {
    throw new AppError(
      'INVALID_INPUT',
      'Only a model with the 80 classes of COCO has COCO\'s own ids; leave "ids" out.',
    );
  }
  return classes.map((name, i) => ({ id: ids === 'coco91' ? COCO91[i]! : i + 1, name }));
}

function isCoco(classes: readonly string[]): boolean {
  return (
    classes.length === COCO_LABELS.length && classes.every((name, id) => name === COCO_LABELS[id])
  );
}

function infoOf({ header, summary }: ExportSource) {
  const { event_id, video_id, status, created_at, model, parameters } = header;
  const { frames, skipped, objects } = summary;
  return {
    ...{ event_id, video_id, status, date_created: created_at, model, parameters },
    ...{ frames, skipped, objects },
  };
}

function imageOf({ header }: ExportSource, { frame, timestamp_ms, same_as }: FrameRow) {
  const { width, height } = header.video.size;
  return {
    ...{ id: frame, file_name: `${frameName(header, frame)}.jpg`, width, height },
    ...{ frame_index: frame, timestamp_ms, ...(same_as !== undefined && { same_as }) },
  };
}

/** @example cornerAndSize([10, 20, 15, 40]) // [10, 20, 5, 20] */
export function cornerAndSize([xMin, yMin, xMax, yMax]: Bbox) {
  return [xMin, yMin, xMax - xMin, yMax - yMin] as const;
}

async function* rowsOf(source: ExportSource): AsyncGenerator<FrameRow> {
  for await (const frame of source.frames()) if (!isSkipped(frame)) yield frame;
}

/** The members of a JSON list, a line each. */
export async function* listOf<T>(
  items: AsyncIterable<T>,
  membersOf: (item: T) => readonly object[],
) {
  let separator = '\n';
  for await (const item of items) {
    const members = membersOf(item).map((member) => JSON.stringify(member));
    if (members.length === 0) continue;
    yield separator + members.join(',\n');
    separator = ',\n';
  }
}
