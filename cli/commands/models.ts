import { addCommands, addExamples, type CommandEntry, type DefineCommand } from '../command.js';

const MODEL = [
  '<model>',
  'name, name@version or name@alias in the catalogue, or an .onnx or .keras file',
] as const;
const NAME = ['<name>', 'name of the model'] as const;

const MODEL_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'add',
    description: 'recognise, test and add an ONNX model',
    arguments: [['<file>', 'an .onnx or .keras file, or its URL (https://...)']],
    load: async () => (await import('./models-add.js')).defineAdd,
  },
  {
    name: 'ensemble',
    description: 'combine models of the catalogue into one',
    arguments: [['<name>', 'name of the ensemble in the catalogue']],
    load: async () => (await import('./models-ensemble.js')).defineEnsemble,
  },
  {
    name: 'pull',
    description: 'download a model and verify its SHA-256',
    arguments: [
      [
        '[name]',
        'yolox_nano, yolov8n (default: the first that is available) or models:/NAME/latest',
      ],
    ],
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
    name: 'alias',
    description: 'move or create an alias of a version, after it has run once',
    arguments: [NAME, ['<alias>', 'name of the alias'], ['<version>', 'version of the model']],
    load: async () => (await import('./models-aliases.js')).defineAlias,
  },
  {
    name: 'promote',
    description: 'make a version the champion, after it has run once',
    arguments: [['<name@version>', 'version to promote']],
    load: async () => (await import('./models-aliases.js')).definePromote,
  },
  {
    name: 'rollback',
    description: 'make the previous champion the champion again',
    arguments: [NAME],
    load: async () => (await import('./models-aliases.js')).defineRollback,
  },
  {
    name: 'history',
    description: 'list the changes of the aliases of a model, newest first',
    arguments: [NAME],
    load: async () => (await import('./models-aliases.js')).defineHistory,
  },
  {
    name: 'lineage',
    description: 'show what a version was made from, or what was made from an image or a job',
    arguments: [['[name@version]', 'version of a model']],
    load: async () => (await import('./models-lineage.js')).defineLineage,
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
