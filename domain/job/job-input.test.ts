import { describe, expect, it } from 'vitest';
import { parametersOf, parseJobInput } from './job-input.js';

describe('parseJobInput', () => {
  it('fills in every default', () => {
    expect(parseJobInput({ video_id: 'cars' })).toEqual({
      video_id: 'cars',
      bucket: 'videos',
      every: 5,
      conf: 0.25,
      iou: 0.45,
      max_det: 300,
      device: 'auto',
      preprocess: { blur: 3, contrast: 1.3, brightness: 5 },
      frames: 'objects',
      still: false,
      max_failed: 0.1,
    });
  });

  it.each([
    ['the smallest of all', { every: 1, conf: 0, iou: 0, max_det: 1 }],
    ['the largest of all', { every: 1_000_000, conf: 1, iou: 1, max_det: 10_000 }],
    ['no preprocessing', { preprocess: false }],
    ['preprocessing without effect', { preprocess: { blur: 0, contrast: 1, brightness: 0 } }],
    ['a model with a version', { model: 'yolox_nano@12' }],
    ['the longest ids', { video_id: 'v'.repeat(128), event_id: 'e'.repeat(128) }],
    ['classes', { classes: ['car', '2'] }],
    ['still scenes that must be the same to the bit', { still: 0 }],
    ['still scenes whatever changes', { still: 255 }],
    ['not one failed frame', { max_failed: 0 }],
    ['any number of failed frames', { max_failed: 1 }],
    ['the first video track', { track: 0 }],
  ])('takes %s as it is', (_, fields) => {
    expect(parseJobInput({ video_id: 'cars', ...fields })).toMatchObject(fields);
  });

  it('fills in the rest of a preprocessing that is given in part', () => {
    expect(parseJobInput({ video_id: 'v', preprocess: { blur: 0 } }).preprocess).toEqual({
      blur: 0,
      contrast: 1.3,
      brightness: 5,
    });
  });

  it.each<[what: string, input: unknown, named: RegExp]>([
    ['nothing', undefined, /input: /],
    ['a text', 'cars', /input: /],
    ['no video_id', {}, /video_id: /],
    ['an empty video_id', { video_id: '' }, /video_id: /],
    ['a path as video_id', { video_id: '../cars' }, /video_id: /],
    ['a video_id that is too long', { video_id: 'v'.repeat(129) }, /video_id: .*128/],
    [
      'an unknown field',
      { video_id: 'v', confidence: 1 },
      /unknown field "confidence" \(known: video_id, /,
    ],
    [
      'a conf just above 1',
      { video_id: 'v', conf: 1.0001 },
      /conf: expected at most 1, received 1\.0001$/,
    ],
    [
      'an iou just below 0',
      { video_id: 'v', iou: -0.0001 },
      /iou: expected at least 0, received -0\.0001$/,
    ],
    ['a conf that is not a number', { video_id: 'v', conf: '0.5' }, /conf: /],
    [
      'an infinite brightness',
      { video_id: 'v', preprocess: { brightness: Infinity } },
      /preprocess/,
    ],
    ['every 0', { video_id: 'v', every: 0 }, /every: /],
    ['every 2.5', { video_id: 'v', every: 2.5 }, /every: /],
    ['max_det 0', { video_id: 'v', max_det: 0 }, /max_det: /],
    ['no class', { video_id: 'v', classes: [] }, /classes: /],
    ['an empty class', { video_id: 'v', classes: ['car', ''] }, /classes\.1: /],
    [
      'classes that Temporal cannot carry',
      { video_id: 'v', classes: Array.from({ length: 3000 }, (_, i) => `${'x'.repeat(90)}${i}`) },
      /classes: expected at most 256 KiB/,
    ],
    ['an unknown device', { video_id: 'v', device: 'tpu' }, /device: /],
    ['an unknown storage', { video_id: 'v', frames: 'all' }, /frames: /],
    ['still true', { video_id: 'v', still: true }, /still: /],
    ['a share below 0', { video_id: 'v', max_failed: -0.1 }, /max_failed: /],
    ['a share above 1', { video_id: 'v', max_failed: 1.1 }, /max_failed: /],
    ['a still just below 0', { video_id: 'v', still: -0.0001 }, /still: /],
    ['a still just above 255', { video_id: 'v', still: 255.0001 }, /still: /],
    ['a track below 0', { video_id: 'v', track: -1 }, /track: /],
    ['a track by name', { video_id: 'v', track: 'main' }, /track: /],
    ['preprocess true', { video_id: 'v', preprocess: true }, /preprocess/],
    ['a model with version 0', { video_id: 'v', model: 'm@0' }, /model: /],
    ['an invalid bucket', { video_id: 'v', bucket: 'Videos' }, /bucket: /],
    ['two at once', { video_id: 'v', conf: 2, every: 0 }, /every: .*conf: |conf: .*every: /],
  ])('refuses %s and names it', (_, input, named) => {
    const parse = () => parseJobInput(input);
    expect(parse).toThrow(named);
    expect(parse).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});

describe('a span of time', () => {
  const parse = (span: object) => parseJobInput({ video_id: 'cars', ...span });

  it.each([{ from_ms: 5000 }, { to_ms: 1 }, { from_ms: 5000, to_ms: 5000.1 }])(
    'can be %j',
    (span) => expect(parse(span)).toMatchObject(span),
  );

  it.each([
    [{ from_ms: 5000, to_ms: 5000 }, 'to_ms: expected more than from_ms, 5000, received 5000'],
    [{ to_ms: 0 }, 'to_ms: expected more than from_ms, 0, received 0'],
    [{ from_ms: -1 }, 'from_ms: '],
  ])('cannot be %j', (span, message) => expect(() => parse(span)).toThrow(message));

  it('is not a parameter unless it is given', () => {
    const { from_ms, ...rest } = parametersOf(parse({ from_ms: 5000 }));
    expect(from_ms).toBe(5000);
    expect(parametersOf(parse({}))).toEqual(rest);
    expect(parametersOf(parse({}))).not.toHaveProperty('from_ms');
  });
});

describe('parametersOf', () => {
  it('leaves out what cannot change a result', () => {
    const input = {
      video_id: 'a',
      event_id: 'b',
      device: 'gpu',
      rerun_of: 'c',
      model: 'm',
    } as const;
    expect(parametersOf(parseJobInput(input))).toEqual(
      parametersOf(parseJobInput({ video_id: 'x' })),
    );
  });

  it('has no track unless it is requested, so that event ids stay the same', () => {
    expect(parametersOf(parseJobInput({ video_id: 'x' }))).not.toHaveProperty('track');
  });

  it.each([{}, { tracking: false }])(
    'has no tracks unless they are requested, so that event ids stay the same: %j',
    (input) => {
      const parameters = parametersOf(parseJobInput({ video_id: 'x', ...input }));
      expect(parameters).not.toHaveProperty('tracking');
    },
  );

  it.each([
    ...[{ every: 2 }, { still: 4 }, { max_failed: 0.5 }, { classes: ['car'] }, { track: 0 }],
    { tracking: true },
  ])('includes what can change a result: %j', (changed) => {
    expect(parametersOf(parseJobInput({ video_id: 'x', ...changed }))).toMatchObject(changed);
  });
});
