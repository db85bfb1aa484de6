import { addCommands, addExamples, type CommandEntry, type DefineCommand } from '../command.js';

const NAME = ['<name>', 'name of the data set'] as const;
const SPEC = ['<name[@version]>', 'a data set, in its newest or in this version'] as const;

const DATASET_COMMANDS: readonly CommandEntry[] = [
  {
    name: 'build',
    description: 'build a version from all feedback; the same content is the same version',
    arguments: [NAME],
    load: async () => (await import('./datasets-build.js')).defineBuild,
  },
  {
    name: 'list',
    description: 'list the data sets, or the versions of one',
    arguments: [['[name]', 'name of a data set (default: the newest version of each)']],
    load: async () => (await import('./datasets-read.js')).defineList,
  },
  {
    name: 'show',
    description: 'show parts, classes, origin and left out images of a version',
    arguments: [SPEC],
    load: async () => (await import('./datasets-read.js')).defineShow,
  },
  {
    name: 'export',
    description: 'write a version with its images as a zip',
    arguments: [SPEC],
    load: async () => (await import('./datasets-read.js')).defineExport,
  },
  {
    name: 'import',
    description: 'import corrected annotations of an export as feedback',
    arguments: [NAME, ['<zip>', 'zip in COCO or YOLO format, or of images in folders of classes']],
    load: async () => (await import('./datasets-import.js')).defineImport,
  },
];

export const defineDatasets: DefineCommand = async (datasets, context) => {
  addExamples(
    datasets,
    'datasets build fish --task detect --model fish',
    'datasets show fish@3',
    'datasets export fish@3 --format coco --out fish.zip',
    'datasets import fish corrected.zip',
  );
  await addCommands(datasets, DATASET_COMMANDS, context);
};
