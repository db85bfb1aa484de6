import { parse } from 'yaml';
import { z } from 'zod';
import { type AnnotatedImage, type AnnotatedObject, imageOf } from './annotated-image.js';
import { type AnnotationZip, invalidFile } from './annotation-zip.js';
import { splitOfFolders } from './given-parts.js';

const namesSchema = z.object({
  names: z.union([z.array(z.string()), z.record(z.string(), z.string())]),
});

/** Centre and size of a box, after its class. */
const CELLS = 5;

/** Reads the images of YOLO label files; classes are in `data.yaml` or, a line each, in `obj.names`. */
export async function* yoloImages(
  zip: AnnotationZip,
  names: string,
  labels: readonly string[],
): AsyncGenerator<AnnotatedImage> {
  const classes = readClasses(names, await zip.text(names));
  for (const place of labels) {
    const text = await zip.text(place);
    const lines = text.split('\n').filter((line) => line.trim() !== '');
    const objects = lines.map((line) => toObject(place, line, classes));
    yield { sha256: imageOf(place), place, split: splitOfFolders(place), objects, inShares: true };
  }
}

function readClasses(name: string, text: string): ReadonlyMap<string, string> {
  if (name.endsWith('.names')) {
    const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
    return new Map(lines.map((line, id) => [String(id), line]));
  }
  const { data } = namesSchema.safeParse(parseYaml(name, text));
  if (!data) throw invalidFile(name, 'expected "names", a list or a map of classes');
  return new Map(Object.entries(data.names));
}

function parseYaml(name: string, text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch {
    throw invalidFile(name, 'it is not YAML');
  }
}

function toObject(
  place: string,
  line: string,
  classes: ReadonlyMap<string, string>,
): AnnotatedObject {
  const [id = '', ...cells] = line.trim().split(/\s+/);
  const [x, y, width, height] = cells.map(Number);
  const className = classes.get(id);
  if (className === undefined) throw invalidFile(place, `unknown class ${id.slice(0, 20)}`);
  const isBox = cells.length === CELLS - 1 && cells.every((cell) => Number.isFinite(Number(cell)));
  if (!isBox) {
    throw invalidFile(
      place,
      'expected "class x_centre y_centre width height" per line; masks and points are unsupported',
    );
  }
  const [halfWidth, halfHeight] = [width! / 2, height! / 2]; // it has four
  return {
    class: className,
    box: [x! - halfWidth, y! - halfHeight, x! + halfWidth, y! + halfHeight],
  };
}
