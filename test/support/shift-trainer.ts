import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFile } from '../../platform/package-root.js';

/**
 * Writes a trainer for VIDETTE_TRAIN_COMMAND, and returns its command: it adds `shift` of the parameters
 * to the class biases of YOLOX (3 initializers of 80 floats), and checks that it got the exports.
 */
export async function writeShiftTrainer(folder: string): Promise<string> {
  const path = join(folder, 'shift-trainer.mjs');
  await writeFile(path, SCRIPT);
  return `'${process.execPath}' '${path}'`;
}

const SPLICE = projectFile('dist/models/onnx/splice.js');

const SCRIPT = `
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { encodeField, spliceFields, splitFields } from ${JSON.stringify(SPLICE)};

const [GRAPH, INITIALIZER, RAW_DATA, BIAS_BYTES] = [7, 5, 9, 320];
const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
const { shift } = read('params.json');
const { annotations, images } = read('dataset/annotations/instances_train.json');
if (images.some(({ file_name }) => !existsSync('dataset/images/train/' + file_name)))
  throw new Error('An image of the list is missing');
if (!readFileSync('dataset/data.yaml', 'utf8').includes('train: images/train'))
  throw new Error('data.yaml has no images for training');

let changed = 0;
const shiftBias = ({ id, content }) => {
  if (id !== RAW_DATA) return undefined;
  const values = new Float32Array(Uint8Array.from(content).buffer).map((value) => value + shift);
  changed++;
  return [encodeField(id, Buffer.from(values.buffer))];
};
const isBias = (tensor) =>
  splitFields(tensor).some(({ id, content }) => id === RAW_DATA && content.length === BIAS_BYTES);
const model = spliceFields(readFileSync('base.onnx'), ({ id, content }) =>
  id !== GRAPH ? undefined : [encodeField(id, spliceFields(content, (field) =>
    field.id === INITIALIZER && isBias(field.content)
      ? [encodeField(field.id, spliceFields(field.content, shiftBias))]
      : undefined))]);
console.log(JSON.stringify({ step: 1, of: 1 }));
writeFileSync('out/model.onnx', model);
writeFileSync('out/labels.json', JSON.stringify(read('base.json').labels));
writeFileSync('out/metrics.json', JSON.stringify({ changed, boxes: annotations.length }));
`;
