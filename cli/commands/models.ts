import { addCommands, addExamples, type CommandEntry, type DefineCommand } from '../command.js';

const MODEL = ['<model>', 'name or name@version in the catalogue, or an .onnx file'] as const;

const MODEL_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'add',
    description: 'recognise, test and add an ONNX model',
    arguments: [['<file>', 'an .onnx file, or its URL (https://...)']],
    load: async () => (await import('./models-add.js')).defineAdd,
  },
  {
    name: 'pull',
    description: 'download a model and verify its SHA-256',
    arguments: [['[name]', 'yolox_nano or yolov8n (default: the first that is available)']],
    load: async () => (await import('./models-catalogue.js')).definePull,
  },
  {
    name: 'list',
    description: 'list the models of the catalogue, or of this machine if no stack is running',
    load: async () => (await import('./models-catalogue.js')).defineList,
  },
  {
    name: 'show',
    description: 'show the manifest of a model',
    arguments: [MODEL],
    load: async () => (await import('./models-one.js')).defineShow,
  },
  {
    name: 'test',
    description: 'run a model on an image on this machine',
    arguments: [MODEL],
    load: async () => (await import('./models-one.js')).defineTest,
  },
  {
    name: 'remove',
    description: 'remove a version from the catalogue',
    arguments: [['<name@version>', 'version to remove']],
    load: async () => (await import('./models-one.js')).defineRemove,
  },
  {
    name: 'bench',
    description: 'measure the speed of a model on this machine (5 s)',
    arguments: [MODEL],
    load: async () => (await import('./models-one.js')).defineBench,
  },
];

export const defineModels: DefineCommand = async (models, context) => {
  addExamples(
    models,
    'models add best.onnx',
    'models pull yolov8n',
    'models list',
    'models test best --image street.jpg',
  );
  await addCommands(models, MODEL_COMMANDS, context);
};
