import { describe, expect, it } from 'vitest';
import type { StoredObject } from '../../domain/result/detection.js';
import type { TimedRow } from '../../domain/export/rows-with-duration.js';
import { overlayText } from './ass-overlay.js';

const SIZE = { width: 640, height: 360 };
const COLOURS: Readonly<Record<string, string>> = { car: '#7abd0f', bus: '#0a64c8' };

async function eventsOf(rows: readonly TimedRow[]): Promise<string[]> {
  // eslint-disable-next-line @typescript-eslint/require-await -- a stream of what is here already
  const stream = async function* () {
    yield* rows;
  };
  let text = '';
  const overlay = { rows: stream(), colourOf: (name: string) => COLOURS[name] ?? '#101010' };
  for await (const piece of overlayText(overlay, { size: SIZE })) text += piece;
  return text.split('\n').filter((line) => line.startsWith('Dialogue'));
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
