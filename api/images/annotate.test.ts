import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { createPalette } from '../../domain/result/class-colours.js';
import { annotateJpeg, annotationSvg } from './annotate.js';

const colourOf = createPalette(['машина', 'car']);
const SIZE = { width: 320, height: 240 };
const named = (name: string) => ({ class: name, box: [20, 60, 120, 160] as const, conf: 0.5 });

describe('the drawing of a frame', () => {
  it.each([
    ['car', 'car 0.50'],
    ['машина', 'машина 0.50'],
    ['<script>', '&lt;script&gt; 0.50'],
    ['a"b\'c&d', 'a&quot;b&#39;c&amp;d 0.50'],
    ['bell\u0007', 'bell 0.50'],
  ])('has the class %j as text and nothing else', (name, expected) => {
    expect(annotationSvg(SIZE, [named(name)], colourOf)).toContain(`>${expected}</text>`);
  });

  it('has the colour of the class on the edge of the box and behind the label', () => {
    const svg = annotationSvg(SIZE, [named('car')], colourOf);
    expect(svg).toContain('stroke="#f155e3"');
    expect(svg).toContain('fill="#f155e3"');
  });

  it('keeps a label inside the image at its top and its right', () => {
    const svg = annotationSvg(SIZE, [{ class: 'car', box: [300, 0, 320, 30], conf: 1 }], colourOf);
    const [, x, y, width] = /<rect x="(\d+)" y="(\d+)" width="(\d+)" height="\d+" fill="#/.exec(
      svg,
    )!;
    expect(Number(x) + Number(width)).toBeLessThanOrEqual(SIZE.width);
    expect(Number(y)).toBe(0);
  });
});

describe('an annotated image', () => {
  const plain = () =>
    sharp({ create: { ...SIZE, channels: 3, background: '#000' } })
      .jpeg()
      .toBuffer();

  it('has the size of the first, colour on the edge of a box and none inside', async () => {
    const drawn = await annotateJpeg(await plain(), [named('машина')], colourOf);
    const { data, info } = await sharp(drawn).raw().toBuffer({ resolveWithObject: true });
    const brightest = (x: number, y: number) =>
      Math.max(...data.subarray((y * info.width + x) * 3, (y * info.width + x) * 3 + 3));
    expect(info).toMatchObject(SIZE);
    expect(brightest(20, 110)).toBeGreaterThan(60);
    expect(brightest(70, 110)).toBeLessThan(30);
    expect(brightest(200, 200)).toBeLessThan(30);
  });

  it('of letters that are not Latin has strokes of its own', async () => {
    const label = async (name: string) =>
      sharp(await annotateJpeg(await plain(), [named(name)], () => '#0a1e78'))
        .extract({ left: 24, top: 44, width: 90, height: 16 })
        .threshold(200)
        .raw()
        .toBuffer();
    const [first, second] = [await label('жшщ'), await label('ооо')];
    expect(first.some((value) => value > 0)).toBe(true);
    expect(first.equals(second)).toBe(false);
  });
});
