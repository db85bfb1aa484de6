import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { execa } from 'execa';
import sharp from 'sharp';

/** An image of a handwritten digit, as a PNG of 8 x 8 pixels. */
export interface Digit {
  readonly png: Buffer;
  readonly label: string;
}

const SIDE = 8;
export const DIGIT_SIZE = { width: SIDE, height: SIDE };
/** Highest value of a pixel in the file. */
const WHITE = 16;

/** Reads the 1,797 digits of scikit-learn, in the order of its file. @param python with scikit-learn */
export async function readDigits(python: string): Promise<readonly Digit[]> {
  const script = 'import sklearn, pathlib; print(pathlib.Path(sklearn.__file__).parent)';
  const { stdout: folder } = await execa(python, ['-c', script]);
  const file = await readFile(join(folder, 'datasets/data/digits.csv.gz'));
  const lines = (await promisify(gunzip)(file)).toString('utf8').trim().split('\n');
  return Promise.all(lines.map(readDigit));
}

/** Reads a line: 64 pixels and the digit. */
async function readDigit(line: string): Promise<Digit> {
  const values = line.split(',').map(Number);
  const pixels = Buffer.from(
    values.slice(0, SIDE * SIDE).map((value) => Math.round((value / WHITE) * 255)),
  );
  const raw = { width: SIDE, height: SIDE, channels: 1 } as const;
  const png = await sharp(pixels, { raw }).toColourspace('srgb').png().toBuffer();
  return { png, label: `digit ${values.at(-1)}` };
}
