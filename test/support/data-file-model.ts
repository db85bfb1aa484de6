import { readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

type Files = Readonly<Record<string, string>>;

/** A model with external data files, and its detections; see make-data-files.py. */
export const DATA_FILE_MODEL = JSON.parse(
  readFileSync(new URL('../fixtures/models/data-files.json', import.meta.url), 'utf8'),
) as {
  /** Base64 by name. */
  readonly files: Files;
  /** Data file with the boxes of another training. */
  readonly others: Files;
  /** Corners as fractions of the image, with the first data file of boxes and with the second. */
  readonly box: readonly number[];
  readonly otherBox: readonly number[];
}; // written by that script

export const DATA_FILES = Object.keys(DATA_FILE_MODEL.files).filter(
  (name) => name !== 'model.onnx',
);
export const BOXES = 'data/boxes.bin';
export const OTHER_BOXES = Buffer.from(DATA_FILE_MODEL.others[BOXES]!, 'base64');

/** Writes the model into a folder; resolves with the path of its ONNX file. */
export async function writeDataFileModel(folder: string, file = 'model.onnx'): Promise<string> {
  for (const [name, content] of Object.entries(DATA_FILE_MODEL.files)) {
    const path = join(folder, name === 'model.onnx' ? file : name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, Buffer.from(content, 'base64'));
  }
  return join(folder, file);
}
