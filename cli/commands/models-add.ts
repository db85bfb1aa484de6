import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import { createObjectStore } from '../../adapters/store/minio-object-store.js';
import type { Answers } from '../../models/recognise/index.js';
import type { App } from '../app.js';
import { addExamples, type DefineCommand } from '../command.js';
import { Interrupted } from '../exit-codes.js';
import { type Added, addModel, UNKNOWN_LICENCE } from '../models/add-model.js';
import { ANSWER_KEYS, ANSWERS, readAnswers } from '../models/answers.js';
import { createTerminalPrompter, refuseQuestions } from '../models/ask.js';
import { fetchModel } from '../models/fetch-model.js';
import { findServers } from '../connect.js';
import { readTestImage } from '../models/self-test.js';
import { formatConclusions, formatModels, formatTest, summaryOf } from '../models/texts.js';

type AddFlags = Readonly<Partial<Record<keyof Answers, string>>> & {
  readonly name?: string;
  readonly sha256?: string;
  readonly licence?: string;
  readonly image?: string;
  readonly yes?: boolean;
};

const EXAMPLES = [
  'models add best.onnx',
  'models add best.onnx --name cars --labels labels.txt --licence MIT',
  'models add https://example.org/best.onnx --sha256 9697a185... --yes',
];

export const defineAdd: DefineCommand = (command, { createApp }) => {
  addExamples(command, ...EXAMPLES)
    .option('--name <name>', 'name in the catalogue (default: the file name)')
    .option('--sha256 <hex>', 'expected SHA-256 of the file')
    .option('--licence <text>', 'licence of the model')
    .option('--image <file>', 'image to test it on (default: a frame of the sample)')
    .option('-y, --yes', 'add it without confirmation');
  for (const key of ANSWER_KEYS) {
    const { flag, value, meaning } = ANSWERS[key];
    command.option(`${flag} ${value}`, meaning);
  }
  command.action(async (file: string, flags: AddFlags) => {
    const app = await createApp();
    await withFile(app, file, (path, source) => add(app, path, source, flags));
  });
};

/** Runs `work` with a local file and, if it was downloaded, its URL. */
async function withFile(
  { config, out, signal }: App,
  file: string,
  work: (path: string, source?: string) => Promise<void>,
): Promise<void> {
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(file)) return work(file);
  const root = resolve(config.dataDir, 'downloads');
  await mkdir(root, { recursive: true, mode: 0o700 });
  const folder = await mkdtemp(join(root, 'model-'));
  try {
    const path = await fetchModel(file, { config, folder, signal, onStep: out.step });
    const { origin, pathname } = new URL(file);
    await work(path, `${origin}${pathname}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function add(app: App, path: string, source: string | undefined, flags: AddFlags) {
  const { config, out, signal } = app;
  const { name, sha256, licence, image, yes = false } = flags;
  const isTerminal = process.stdin.isTTY && process.stderr.isTTY;
  const prompter = createTerminalPrompter(signal);
  const added = await addModel({
    ...{ config, path, name, sha256, licence, source },
    answers: await readAnswers(flags),
    answer: isTerminal ? prompter.answer : refuseQuestions(source ?? path),
    ...(image !== undefined && { image: await readTestImage(image) }),
    onConcluded: (concluded) => out.note(`Concluded:\n${formatConclusions(concluded)}`),
    onTested: (test) => out.note(`Tested on ${formatTest(test)}`),
    confirm: async (manifest) => {
      if (manifest.licence === UNKNOWN_LICENCE) {
        out.note('The file does not state a licence. Set it with --licence TEXT.');
      }
      if (yes || !isTerminal) return;
      if (!(await prompter.confirm(`Add it as ${manifest.name}?`))) {
        throw new Interrupted('Cancelled. No model was added.');
      }
    },
  });
  await publish(app, added);
}

async function publish({ config, out }: App, { path, manifest, concluded, test }: Added) {
  const catalogue = await findServers(config);
  const found = { concluded, test };
  if (!catalogue) {
    out.result({ ...summaryOf(manifest), ...found, published: false }, formatModels([manifest]));
    out.note('It is added to the catalogue when the stack starts ("vidette up").');
    return;
  }
  const registry = createModelRegistry(createObjectStore(catalogue.objectStore));
  const published = await registry.publish(path, manifest);
  out.result({ ...summaryOf(published), ...found, published: true }, formatModels([published]));
}
