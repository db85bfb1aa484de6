import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { COCO_LABELS } from '../model/coco-labels.js';
import { hasCode } from '../errors.js';
import type { FrameRow, ResultFrame, SkippedFrame } from '../result/result.js';
import { makeResult } from '../../test/support/results.js';
import { COCO91 } from './coco.js';
import { csvOfVideos } from './csv.js';
import { classesOf, classIds, type ExportOptions, type ExportSource } from './export-source.js';
import { exportFiles, exportText, type TextFormat } from './formats.js';

const NASTY = ['a,b', 'say "hi"', 'two\nlines', 'грузовик', 'x --> y'];
const CLASSES = ['car', ...NASTY];

const object = (name: string, conf = 0.5) => ({
  class: name,
  box: [10, 20, 30, 60] as const,
  conf,
});
const EMPTY: FrameRow = { frame: 0, timestamp_ms: 0, objects: [] };
const CAR: FrameRow = { frame: 5, timestamp_ms: 166.833, objects: [object('car', 0.91)] };
const SAME: FrameRow = { ...CAR, frame: 10, timestamp_ms: 333.667, same_as: 5 };
const TRACKED: FrameRow = { ...CAR, objects: [{ ...object('car', 0.91), track_id: 7 }] };
const SKIPPED: SkippedFrame = { frame: 15, reason: 'not decodable: "x"\n' };
const FRAMES: readonly ResultFrame[] = [EMPTY, CAR, SAME, SKIPPED];

function sourceOf(frames: readonly ResultFrame[], classes = CLASSES): ExportSource {
  const { frames: _, skipped: __, summary: ___, video, ...rest } = makeResult([], []);
  const header = {
    ...rest,
    parameters: { ...rest.parameters, every: 5 },
    video: { ...video, frame_rate: { num: 30, den: 1 } },
  };
  const summary = { frames: 3, skipped: 1, objects: 2, objects_by_class: {}, warnings: [] };
  // eslint-disable-next-line @typescript-eslint/require-await -- a stream of what is here already
  const stream = async function* () {
    yield* frames;
  };
  return { header, summary, classes, frames: stream };
}

async function textOf(
  format: TextFormat,
  source: ExportSource,
  options?: ExportOptions,
): Promise<string> {
  let text = '';
  for await (const piece of exportText(format, source, options)) text += piece;
  return text;
}

const nasty = (name: string): readonly ResultFrame[] => [{ ...CAR, objects: [object(name)] }];

describe('csv', () => {
  const head =
    'x_min,y_min,x_max,y_max,class_id,confidence,tracker_id,frame_index,timestamp_ms,class_name,same_as\r\n';

  it.each<[string, readonly ResultFrame[], string]>([
    ['no frames', [], ''],
    ['a frame without objects, and a skipped one', [EMPTY, SKIPPED], ''],
    ['an object', [CAR], '10,20,30,60,0,0.91,,5,166.833,car,\r\n'],
    ['an object with a track', [TRACKED], '10,20,30,60,0,0.91,7,5,166.833,car,\r\n'],
    ['a still scene', [SAME], '10,20,30,60,0,0.91,,10,333.667,car,5\r\n'],
    ['a comma', nasty('a,b'), '10,20,30,60,1,0.5,,5,166.833,"a,b",\r\n'],
    ['quotes', nasty('say "hi"'), '10,20,30,60,2,0.5,,5,166.833,"say ""hi""",\r\n'],
    ['a line break', nasty('two\nlines'), '10,20,30,60,3,0.5,,5,166.833,"two\nlines",\r\n'],
    ['Cyrillic', nasty('грузовик'), '10,20,30,60,4,0.5,,5,166.833,грузовик,\r\n'],
  ])('has %s', async (_, frames, lines) => {
    expect(await textOf('csv', sourceOf(frames))).toBe(head + lines);
  });
});

describe('zones of objects', () => {
  const points = [
    [0, 0],
    [0.5, 0],
    [0.5, 1],
  ];
  const zones = ['a', 'b'].map((name) => ({ name, kind: 'zone' as const, points }));
  const far = { ...object('car'), box: [80, 20, 90, 60] as const };
  const source = sourceOf([{ ...CAR, objects: [object('car'), far] }, SKIPPED]);

  it('are the last column of csv on request', async () => {
    const cells = (await textOf('csv', source, { zones }))
      .trimEnd()
      .split('\r\n')
      .map((line) => line.split(',').at(-1));
    expect(cells).toEqual(['zones', 'a;b', '']);
  });

  it('are in each object of jsonl on request, with the zones in the header', async () => {
    const [header, frame, skipped] = (await textOf('jsonl', source, { zones }))
      .split('\n')
      .slice(0, 3)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(header).toMatchObject({ zones });
    expect(frame).toMatchObject({ objects: [{ zones: ['a', 'b'] }, { zones: [] }] });
    expect(skipped).toEqual({ type: 'skipped', ...SKIPPED });
  });
});

it('joins the csv of several results, with the video of each object', async () => {
  const results = [['v1', [CAR]] as const, ['v,2', [EMPTY]] as const, ['v,3', [SAME]] as const];
  const sources = results.map(([video_id, frames]) => {
    const source = sourceOf(frames);
    return { ...source, header: { ...source.header, video_id } };
  });
  let text = '';
  for await (const piece of csvOfVideos(Readable.from(sources))) text += piece;
  expect(text.split('\r\n')).toEqual([
    'video,x_min,y_min,x_max,y_max,class_id,confidence,tracker_id,frame_index,timestamp_ms,class_name,same_as',
    'v1,10,20,30,60,0,0.91,,5,166.833,car,',
    '"v,3",10,20,30,60,0,0.91,,10,333.667,car,5',
    '',
  ]);
});

describe('jsonl', () => {
  it.each([
    ['no frames', [], { frames: 0, skipped: 0, objects: 0 }],
    ['all kinds of frames', FRAMES, { frames: 3, skipped: 1, objects: 2 }],
    ['a line break in a class', nasty('two\nlines'), { frames: 1, skipped: 0, objects: 1 }],
  ])('has a line for each frame of %s, and the hash of them', async (_, frames, counts) => {
    const text = await textOf('jsonl', sourceOf(frames));
    const lines = text.trimEnd().split('\n');
    const [header, ...rest] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    const trailer = rest.pop();
    expect(header).toMatchObject({
      type: 'header',
      schema: 'vidette.detections/1',
      event_id: 'e1',
    });
    expect(rest).toEqual(
      frames.map((frame) => ({ type: 'reason' in frame ? 'skipped' : 'frame', ...frame })),
    );
    const before = text.slice(0, text.lastIndexOf('\n', text.length - 2) + 1);
    const sha256 = createHash('sha256').update(before).digest('hex');
    expect(trailer).toEqual({ type: 'trailer', ...counts, sha256 });
  });
});

describe('coco', () => {
  it.each<[string, readonly ResultFrame[], number, number]>([
    ['no frames', [], 0, 0],
    ['frames without objects', [EMPTY, { ...EMPTY, frame: 5 }], 2, 0],
    ['a skipped frame only', [SKIPPED], 0, 0],
    ['all kinds of frames', FRAMES, 3, 2],
  ])('is one object of %s', async (_, frames, images, annotations) => {
    const parsed = JSON.parse(await textOf('coco', sourceOf(frames))) as Record<string, unknown[]>;
    expect(parsed['images']).toHaveLength(images);
    expect(parsed['annotations']).toHaveLength(annotations);
    expect(Object.keys(parsed)).toEqual([
      'info',
      'licenses',
      'images',
      'annotations',
      'categories',
    ]);
    expect(parsed['licenses']).toEqual([]);
    expect(parsed['categories']).toEqual(CLASSES.map((name, i) => ({ id: i + 1, name })));
  });

  it('has boxes by corner and size, and annotations counted from 1', async () => {
    const parsed = JSON.parse(await textOf('coco', sourceOf(FRAMES))) as Record<string, unknown[]>;
    const annotation = {
      category_id: 1,
      bbox: [10, 20, 20, 40],
      area: 800,
      iscrowd: 0,
      score: 0.91,
    };
    expect(parsed['annotations']).toEqual([
      { id: 1, image_id: 5, ...annotation },
      { id: 2, image_id: 10, ...annotation },
    ]);
    expect(parsed['images']![2]).toEqual({
      ...{ id: 10, file_name: 'v1_10.jpg', width: 100, height: 200 },
      ...{ frame_index: 10, timestamp_ms: 333.667, same_as: 5 },
    });
  });

  it('has the track of an object', async () => {
    const parsed = JSON.parse(await textOf('coco', sourceOf([TRACKED]))) as {
      annotations: unknown[];
    };
    expect(parsed.annotations[0]).toMatchObject({ id: 1, image_id: 5, track_id: 7 });
  });

  // From the annotations of COCO 2017.
  it.each([
    ['person', 1],
    ['stop sign', 13],
    ['backpack', 27],
    ['dining table', 67],
    ['toilet', 70],
    ['toothbrush', 90],
  ])("numbers %s as COCO's own annotations do", async (name, id) => {
    const source = sourceOf(nasty(name), COCO_LABELS);
    const text = await textOf('coco', source, { ids: 'coco91' });
    const parsed = JSON.parse(text) as { annotations: unknown[]; categories: unknown[] };
    expect(parsed.annotations[0]).toMatchObject({ category_id: id });
    expect(parsed.categories).toContainEqual({ id, name });
    expect(COCO91).toHaveLength(80);
  });

  it("refuses COCO's ids for other classes, before anything is written", () => {
    const refused = () => exportText('coco', sourceOf(FRAMES), { ids: 'coco91' });
    expect(refused).toThrow(expect.toSatisfy((error) => hasCode(error, 'INVALID_INPUT')));
  });
});

describe('yolo', () => {
  const filesOf = async (source: ExportSource, options?: ExportOptions) => {
    const files: Record<string, string> = {};
    for await (const { name, text } of exportFiles(source, options)) files[name] = text;
    return files;
  };

  it('has an empty file for a frame without objects, and none for a skipped one', async () => {
    const { 'data.yaml': _, ...labels } = await filesOf(sourceOf(FRAMES));
    expect(labels).toEqual({
      'labels/v1_0.txt': '',
      'labels/v1_5.txt': '0 0.200000 0.200000 0.200000 0.200000\n',
      'labels/v1_10.txt': '0 0.200000 0.200000 0.200000 0.200000\n',
    });
  });

  it('ends lines with the confidence when it is asked to', async () => {
    const files = await filesOf(sourceOf([CAR]), { conf: true });
    expect(files['labels/v1_5.txt']).toBe('0 0.200000 0.200000 0.200000 0.200000 0.91\n');
  });

  it('names classes as YAML reads them', async () => {
    const { 'data.yaml': yaml } = await filesOf(sourceOf([]));
    const { parse } = await import('yaml');
    expect(parse(yaml!)).toMatchObject({ nc: 6, names: { ...CLASSES } });
    expect(parse((await filesOf(sourceOf([], [])))['data.yaml']!)).toMatchObject({ names: {} });
  });
});

describe('mot', () => {
  it.each<[string, readonly ResultFrame[], string]>([
    ['no frames', [], ''],
    [
      'frames from 1, corner and size',
      FRAMES,
      '6,-1,10,20,20,40,0.91,-1,-1,-1\n11,-1,10,20,20,40,0.91,-1,-1,-1\n',
    ],
    ['the id of a track', [TRACKED], '6,7,10,20,20,40,0.91,-1,-1,-1\n'],
  ])('has %s', async (_, frames, text) => {
    expect(await textOf('mot', sourceOf(frames))).toBe(text);
  });
});

describe('vtt', () => {
  const cuesOf = async (frames: readonly ResultFrame[]) => {
    const blocks = (await textOf('vtt', sourceOf(frames))).split('\n\n');
    return blocks.slice(1).map((block) => block.trimEnd().split('\n'));
  };

  it('is a track without cues when there are no frames', async () => {
    expect(await textOf('vtt', sourceOf([]))).toBe('WEBVTT\n');
  });

  it.each([['x --> y'], ['two\nlines'], ['two\n\nlines'], ['say "hi"'], ['грузовик']])(
    'has a cue of three lines and one arrow for the class %j',
    async (name) => {
      const [cue, ...none] = await cuesOf(nasty(name));
      expect(none).toEqual([]);
      expect(cue).toHaveLength(3);
      expect(cue![2]).not.toContain('-->');
      expect(JSON.parse(cue![2]!)).toMatchObject({ objects: [{ class: name }] });
    },
  );

  it('shows a row until the next sampled frame', async () => {
    const times = (await cuesOf(FRAMES)).map(([, time]) => time);
    expect(times).toEqual([
      '00:00:00.000 --> 00:00:00.167',
      '00:00:00.167 --> 00:00:00.334',
      '00:00:00.334 --> 00:00:00.500',
    ]);
  });

  it('shows nothing where the next sampled frame was skipped', async () => {
    const late = { ...CAR, frame: 20, timestamp_ms: 666 };
    const times = (await cuesOf([{ ...CAR, timestamp_ms: 166 }, late])).map(([, time]) => time);
    expect(times[0]).toBe('00:00:00.166 --> 00:00:00.333');
  });

  it('ends a cue after it begins, and counts hours', async () => {
    const near = [
      { ...EMPTY, timestamp_ms: 3_600_000 },
      { ...EMPTY, frame: 5, timestamp_ms: 3_600_000.2 },
    ];
    expect((await cuesOf(near))[0]![1]).toBe('01:00:00.000 --> 01:00:00.001');
  });
});

describe('classes', () => {
  it('are those of the model, and then what only the result has', () => {
    const classes = classesOf(['b', 'a', 'b'], { objects_by_class: { z: 1, a: 2, c: 3 } });
    expect(classes).toEqual(['b', 'a', 'b', 'c', 'z']);
    expect(classIds(classes).get('b')).toBe(0);
    expect(classIds(classes).get('z')).toBe(4);
  });
});
