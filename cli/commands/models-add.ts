import { addExamples, type DefineCommand } from '../command.js';
import { addAnswerOptions } from '../models/answer-options.js';
import type { AddFlags } from '../models/run-add.js';

const EXAMPLES = [
  'models add best.onnx',
  'models add best.onnx --name cars --labels labels.txt --licence MIT',
  'models add fish.keras --labels class_indices.json',
  'models add https://example.org/best.onnx --sha256 9697a185... --yes',
];

export const defineAdd: DefineCommand = (command, { createApp }) => {
  addExamples(command, ...EXAMPLES)
    .option('--name <name>', 'name in the catalogue (default: the file name)')
    .option('--sha256 <hex>', 'expected SHA-256 of the file')
    .option('--licence <text>', 'licence of the model')
    .option('--image <file>', 'image to test it on (default: a frame of the sample)')
    .option('-y, --yes', 'add it without confirmation');
  addAnswerOptions(command);
  command.action(async (file: string, flags: AddFlags) => {
    const { runAdd } = await import('../models/run-add.js');
    await runAdd(await createApp(), file, flags);
  });
};
