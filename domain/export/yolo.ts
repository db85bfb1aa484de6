import type { Bbox, Size } from '../result/detection.js';
import { isSkipped } from '../result/result.js';
import { classIds, type ExportOptions, type ExportSource, frameName } from './export-source.js';

/** A file of an export that is several. */
export interface ExportFile {
  readonly name: string;
  readonly text: string;
  /** Stored frame that goes with the file, and the name of its image. */
  readonly image?: { readonly name: string; readonly frame: number };
}

/** Decimals of a share of the frame: finer than a pixel of any video. */
const DECIMALS = 6;

/**
 * `data.yaml`, and for each frame `labels/{video_id}_{frame}.txt` with a line
 * `class x_centre y_centre width height` per object in shares of the frame; a frame without objects
 * has an empty file, a skipped one none. With `images` each has its frame as
 * `images/{video_id}_{frame}.jpg`.
 */
export async function* yoloFilesOf(
  source: ExportSource,
  { conf: withConf = false, images = false }: ExportOptions = {},
): AsyncGenerator<ExportFile> {
  const { video } = source.header;
  const ids = classIds(source.classes);
  yield { name: 'data.yaml', text: dataYaml(source.classes) };
  for await (const row of source.frames()) {
    if (isSkipped(row)) continue;
    const lines = row.objects.map(({ class: name, box, conf }) => {
      const cells = [
        ids.get(name),
        ...toCentreShares(box, video.size),
        ...(withConf ? [conf] : []),
      ];
      return `${cells.join(' ')}\n`;
    });
    const name = frameName(source.header, row.frame);
    const image = { name: `images/${name}.jpg`, frame: row.frame };
    yield { name: `labels/${name}.txt`, text: lines.join(''), ...(images && { image }) };
  }
}

/** Class names are written as JSON strings, which are YAML in any script. */
function dataYaml(classes: readonly string[]): string {
  const names = classes.map((name, id) => `  ${id}: ${JSON.stringify(name)}\n`);
  const folders = 'path: .\ntrain: images\nval: images\n';
  return `${folders}nc: ${classes.length}\nnames:${names.length > 0 ? `\n${names.join('')}` : ' {}\n'}`;
}

/** @example centred([0, 0, 50, 50], { width: 100, height: 100 }) // ['0.250000', ..., '0.500000'] */
function toCentreShares(
  [xMin, yMin, xMax, yMax]: Bbox,
  { width, height }: Size,
): readonly string[] {
  const shares = [
    (xMin + xMax) / 2 / width,
    (yMin + yMax) / 2 / height,
    (xMax - xMin) / width,
    (yMax - yMin) / height,
  ];
  return shares.map((share) => share.toFixed(DECIMALS));
}
