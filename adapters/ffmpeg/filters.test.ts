import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { VideoInfo } from '../../domain/video/video.js';
import {
  modelInputFilters,
  normalisedInputFilters,
  normaliseFilters,
  oneOf,
  preprocessFilters,
  selectFilters,
  turnFilters,
} from './filters.js';

/** Computes an expression as ffmpeg would, with its functions as JavaScript has them. */
function evaluate(expression: string, n: number): number {
  const text = expression.replaceAll('if(', 'choose(');
  // The text is the expression under test, made of numbers and these functions.
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const compute = new Function('n', 'eq', 'lt', 'choose', `return ${text}`) as (
    n: number,
    eq: (a: number, b: number) => number,
    lt: (a: number, b: number) => number,
    choose: (condition: number, yes: number, no: number) => number,
  ) => number;
  return compute(
    n,
    (a, b) => Number(a === b),
    (a, b) => Number(a < b),
    (condition, yes, no) => (condition ? yes : no),
  );
}

describe('oneOf', () => {
  it.each<[number[], string]>([
    [[7], 'eq(n,7)'],
    [[0, 5], 'if(lt(n,5),eq(n,0),eq(n,5))'],
    [[-5, 0, 5], 'if(lt(n,0),eq(n,-5),if(lt(n,5),eq(n,0),eq(n,5)))'],
  ])('of %j is %s', (values, expression) => {
    expect(oneOf('n', values)).toBe(expression);
  });

  it('is 1 for its values and 0 for all others', () => {
    const some = fc.uniqueArray(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 });
    fc.assert(
      fc.property(some, fc.integer({ min: -1001, max: 1001 }), (unsorted, other) => {
        const values = unsorted.toSorted((a, b) => a - b);
        const expression = oneOf('n', values);
        for (const value of values) expect(evaluate(expression, value)).toBe(1);
        expect(evaluate(expression, other)).toBe(Number(values.includes(other)));
      }),
    );
  });

  it('compares each frame with about log2 of the values', () => {
    const values = Array.from({ length: 512 }, (_, i) => i);
    let depth = 0;
    let deepest = 0;
    for (const letter of oneOf('n', values)) {
      if (letter === '(') deepest = Math.max(deepest, ++depth);
      if (letter === ')') depth--;
    }
    expect(deepest).toBe(Math.log2(512) + 1);
  });
});

describe('selectFilters', () => {
  const frames = [
    { frame: 10, pts: -512 },
    { frame: 15, pts: 1024 },
  ];

  it('selects by PTS, each once, and stops behind the last one', () => {
    expect(selectFilters('pts', frames).slice(0, 2)).toEqual([
      'trim=end_pts=1025',
      "select='if(lt(pts,1024),eq(pts,-512),eq(pts,1024))" +
        "*if(isnan(prev_selected_pts),1,gt(pts,prev_selected_pts))'",
    ]);
  });

  it('selects by counting without a PTS', () => {
    expect(selectFilters('ordinal', frames).slice(0, 2)).toEqual([
      'trim=end_frame=16',
      "select='if(lt(n,15),eq(n,10),eq(n,15))'",
    ]);
  });
});

describe('normaliseFilters', () => {
  const video = {
    size: { width: 64, height: 48 },
    color_range: 'tv',
    color_space: 'unknown',
    pixel_format: 'yuv420p',
  } as VideoInfo; // the rest is not read
  const scale = 'scale=64:48:flags=bilinear';

  it.each([
    ['limited range', {}, scale],
    ['full range', { color_range: 'pc' }, `${scale}:in_range=pc:out_range=tv`],
    ['a JPEG format', { pixel_format: 'yuvj420p' }, `${scale}:in_range=pc:out_range=tv`],
    ['BT.709', { color_space: 'bt709' }, `${scale}:out_color_matrix=bt601`],
    ['BT.2020', { color_space: 'bt2020nc' }, `${scale}:out_color_matrix=bt601`],
    ['BT.601', { color_space: 'smpte170m' }, scale],
  ])('brings %s to limited-range BT.601', (_, fields, expected) => {
    expect(normaliseFilters({ ...video, ...fields })).toEqual([expected, 'format=yuv420p']);
  });
});

describe('turnFilters', () => {
  const shown = { size: { width: 48, height: 64 }, color_space: '', pixel_format: '' };

  it.each<[rotation: number, scale: string, turns: string[]]>([
    [0, '48:64', []],
    [90, '64:48', ['transpose=clock']],
    [180, '48:64', ['hflip', 'vflip']],
    [270, '64:48', ['transpose=cclock']],
  ])('scales to the stored size, and turns by %i degrees then', (rotation, size, turns) => {
    const video = { ...shown, rotation } as VideoInfo; // the rest is not read
    const scale = `scale=${size}:flags=bilinear`;
    expect(turnFilters(video)).toEqual([scale, 'format=yuv420p', ...turns]);
  });
});

describe('preprocessFilters', () => {
  const lookup =
    /lutyuv=y='clip\(([\d.]+)\*\(val-16\)\+([\d.]+)\+0\.5,0,255\)':u='clip\(([\d.]+)\*/;
  const gains = (filters: readonly string[]) => lookup.exec(filters.at(-1)!)!.slice(1).map(Number);

  it('is empty without preprocessing', () => {
    expect(preprocessFilters(false, 'limited')).toEqual([]);
    expect(preprocessFilters({ blur: 0, contrast: 1, brightness: 0 }, 'limited')).toEqual([]);
  });

  it('stretches to full range for JPEG, without preprocessing too', () => {
    const [luma, offset, chroma] = gains(preprocessFilters(false, 'full'));
    expect(luma).toBeCloseTo(255 / 219);
    expect(offset).toBe(0);
    expect(chroma).toBeCloseTo(255 / 224);
  });

  it('is the map of OpenCV on luma, and its factor on chroma', () => {
    const options = { blur: 3, contrast: 1.3, brightness: 5 } as const;
    const [blur, ...rest] = preprocessFilters(options, 'limited');
    expect(blur).toMatch(/^convolution=0m='1 2 1 2 4 2 1 2 1':0rdiv=1\/16:1m=/);
    const [luma, offset, chroma] = gains(rest);
    expect(luma).toBe(1.3);
    expect(offset).toBeCloseTo(16 + (5 * 219) / 255);
    expect(chroma).toBe(1.3);
  });

  it('leaves out the blur or the map that is off', () => {
    expect(preprocessFilters({ blur: 3, contrast: 1, brightness: 0 }, 'limited')).toHaveLength(1);
    expect(preprocessFilters({ blur: 0, contrast: 1.3, brightness: 0 }, 'limited')).toHaveLength(1);
  });
});

describe('modelInputFilters', () => {
  it('scales to the content size, planar', () => {
    const filters = modelInputFilters({ width: 416, height: 234 });
    expect(filters).toEqual(['scale=416:234:flags=bilinear', 'format=gbrp']);
  });

  it.each([
    ['lanczos3', 'lanczos'],
    ['bicubic', 'bicubic:param0=0:param1=0.5'],
    ['nearest', 'neighbor'],
  ] as const)('scales with the kernel %s', (kernel, flags) => {
    const content = { width: 416, height: 234, kernel };
    expect(modelInputFilters(content)[0]).toBe(`scale=416:234:flags=${flags}`);
    expect(normalisedInputFilters(content)[0]).toMatch(`scale=416:234:flags=${flags}:in_color`);
  });

  it('reads normalised frames as limited-range BT.601, whatever their tags', () => {
    expect(normalisedInputFilters({ width: 416, height: 234 })).toEqual([
      'scale=416:234:flags=bilinear:in_color_matrix=bt601:in_range=tv',
      'format=gbrp',
    ]);
  });
});
