import { describe, expect, it } from 'vitest';
import type { StoredObject } from '../../domain/result/detection.js';
import type { TimedRow } from '../../domain/export/rows-with-duration.js';
import type { Drawing } from '../../domain/ports/video-renderer.js';
import { drawObjects } from '../../domain/video/draw-objects.js';
import { overlayText } from './ass-overlay.js';

const SIZE = { width: 640, height: 360 };
const COLOURS: Readonly<Record<string, string>> = { car: '#7abd0f', bus: '#0a64c8' };

async function* streamOf<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}

async function textOf(drawings: AsyncIterable<Drawing>, captionLines = 0): Promise<string> {
  let text = '';
  for await (const piece of overlayText({ drawings, captionLines }, { size: SIZE })) text += piece;
  return text;
}

const linesOf = (text: string) => text.split('\n').filter((line) => line.startsWith('Dialogue'));

async function eventsOf(rows: readonly TimedRow[]): Promise<string[]> {
  const colourOf = (name: string) => COLOURS[name] ?? '#101010';
  return linesOf(await textOf(drawObjects(streamOf(rows), colourOf)));
}

function row(fromMs: number, toMs: number, ...objects: readonly StoredObject[]): TimedRow {
  return { row: { frame: 0, timestamp_ms: fromMs, objects }, fromMs, toMs };
}

const object = (name: string, box: StoredObject['box'] = [10, 100, 60, 200]): StoredObject => ({
  class: name,
  box,
  conf: 0.876,
});

describe('overlayText', () => {
  it('has nothing to draw for a row without objects', async () => {
    expect(await eventsOf([row(0, 200)])).toEqual([]);
  });

  // The overlay's clock runs 100 times faster, and a row begins 0.2 ms before its frame.
  it.each([
    [0, 200, '0:00:00.00,0:00:19.98'],
    [200, 400, '0:00:19.98,0:00:39.98'],
    [36_000, 36_040, '0:59:59.98,1:00:03.98'],
  ])('shows a row from %d to %d ms', async (from, to, times) => {
    const [box, label] = await eventsOf([row(from, to, object('car'))]);
    expect(box).toContain(`0,${times},Box`);
    expect(label).toContain(`1,${times},Label`);
  });

  it.each([
    ['car', 'car 0.88'],
    ['грузовик', 'грузовик 0.88'],
    ['a{b}', String.raw`a\{b\} 0.88`],
    ['a\\Nb', 'a\\\u2060Nb 0.88'],
    ['two\r\nlines', 'two  lines 0.88'],
    ['a,b', 'a,b 0.88'],
  ])('writes the class %j as text', async (name, text) => {
    const [, label, ...others] = await eventsOf([row(0, 40, object(name))]);
    expect(others).toEqual([]);
    expect(label!.split('}').slice(1).join('}')).toBe(text);
  });

  it.each<[string, StoredObject['box'], string]>([
    ['above the box', [10, 100, 60, 200], String.raw`\an1\pos(12,98)`],
    ['inside where there is no room', [10, 5, 60, 200], String.raw`\an7\pos(12,9)`],
  ])('puts the label %s', async (_, box, at) => {
    expect((await eventsOf([row(0, 40, object('car', box))]))[1]).toContain(at);
  });

  it.each([
    ['car', String.raw`\1c&H0FBD7A&`, String.raw`\1c&H0F1106&\3c&H0FBD7A&`],
    ['bus', String.raw`\1c&HC8640A&`, String.raw`\1c&HFFFFFF&\3c&HC8640A&`],
  ])('draws %s in its colour, with a text that is readable on it', async (name, edge, text) => {
    const [box, label] = await eventsOf([row(0, 40, object(name))]);
    expect(box).toContain(edge);
    expect(label).toContain(text);
  });

  it('draws the surest object last, over the others', async () => {
    const objects = [object('car'), { ...object('bus'), conf: 0.3 }];
    const labels = (await eventsOf([row(0, 40, ...objects)])).filter((line) =>
      line.includes('Label'),
    );
    expect(labels.map((line) => line.split('}')[1])).toEqual(['bus 0.30', 'car 0.88']);
  });

  it.each<[string, StoredObject['box'], number]>([
    ['an edge of two outlines', [10, 100, 60, 200], 2],
    ['a box that is all edge as a whole', [10, 100, 14, 104], 1],
    ['a box without extent', [10, 100, 10, 100], 1],
  ])('draws %s', async (_, box, outlines) => {
    const [drawing] = await eventsOf([row(0, 40, object('car', box))]);
    expect(drawing!.match(/m \d/g)).toHaveLength(outlines);
  });
});

describe('overlayText of drawings', () => {
  const drawing = (fields: Partial<Drawing>): Drawing => {
    return { fromMs: 0, toMs: 40, boxes: [], ...fields };
  };
  const box = { box: [10, 100, 60, 200], colour: '#7abd0f' } as const;
  const eventsOfOne = async (fields: Partial<Drawing>) =>
    linesOf(await textOf(streamOf([drawing(fields)]), 3));

  it('puts a label below its box, or inside where there is no room', async () => {
    const below = { ...box, label: 'A car', isLabelBelow: true };
    const [, label] = await eventsOfOne({ boxes: [below] });
    expect(label).toContain(String.raw`\an7\pos(12,202)`);
    const [, inside] = await eventsOfOne({ boxes: [{ ...below, box: [10, 100, 60, 355] }] });
    expect(inside).toContain(String.raw`\an1\pos(12,351)`);
  });

  it('draws a box without a label, and a thinner edge', async () => {
    const large = { width: 3240, height: 2700 };
    const ring = async (edge?: 0.5) => {
      const drawings = streamOf([drawing({ boxes: [{ ...box, ...(edge && { edge }) }] })]);
      let text = '';
      for await (const piece of overlayText({ drawings }, { size: large })) text += piece;
      return linesOf(text);
    };
    expect(await ring()).toEqual([expect.stringContaining('m 20 110 l 20 190')]);
    expect(await ring(0.5)).toEqual([expect.stringContaining('m 15 105 l 15 195')]);
  });

  it('writes paragraphs below the frame, which becomes higher', async () => {
    const caption = [
      { text: 'A {model}', colour: '#7abd0f', lines: 1 },
      { text: `vanished: ${'person, '.repeat(40)}`, colour: '#ffffff', lines: 2 },
    ];
    const text = await textOf(streamOf([drawing({ caption })]), 3);
    expect(text).toContain('PlayResX: 640\nPlayResY: 406\n');
    const lines = linesOf(text);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toContain(String.raw`{\an7\pos(2,360)\1c&H0FBD7A&}A \{model\}`);
    expect(lines[1]).toContain(String.raw`\pos(2,375)\1c&HFFFFFF&}vanished: person,`);
    expect(lines[2]).toMatch(/\\pos\(2,390\).*…$/);
  });
});
