import { createModelRegistry } from '../../adapters/store/model-registry.js';
import { createObjectStore } from '../../adapters/store/minio-object-store.js';
import type { Answers } from '../../models/recognise/index.js';
import type { App } from '../app.js';
import { Interrupted } from '../exit-codes.js';
import { isUrl } from '../is-url.js';
import { UNKNOWN_LICENCE } from '../../models/add/test-model.js';
import { type Added, addModel } from './add-model.js';
import { readAnswers } from './answers.js';
import { createTerminalPrompter, refuseQuestions } from './ask.js';
import { fetchModel } from './fetch-model.js';
import { findServers } from '../connect.js';
import { createModelRuns } from '../../models/add/model-runs.js';
import { withTemporaryFolder } from '../../platform/temporary-folder.js';
import { readTestImage } from '../../sample/test-image.js';
import { formatConclusions, formatModels, formatTest, summaryOf } from './texts.js';

export type AddFlags = Readonly<Partial<Record<keyof Answers, string>>> & {
  readonly name?: string;
  readonly sha256?: string;
  readonly licence?: string;
  readonly image?: string;
  readonly yes?: boolean;
};

/** Recognises, tests and adds a model, which is a file or a URL. */
export async function runAdd(app: App, file: string, flags: AddFlags): Promise<void> {
  await withFile(app, file, (path, source) => add(app, path, source, flags));
}

/** Runs `work` with a local file and, if it was downloaded, its URL. */
async function withFile(
  { config, out, signal }: App,
  file: string,
  work: (path: string, source?: string) => Promise<void>,
): Promise<void> {
  if (!isUrl(file)) return work(file);
  await withTemporaryFolder(config, 'model-', async (folder) => {
    const path = await fetchModel(file, { config, folder, signal, onStep: out.step });
    const { origin, pathname } = new URL(file);
    await work(path, `${origin}${pathname}`);
  });
}

async function add(app: App, path: string, source: string | undefined, flags: AddFlags) {
  const { config, out, signal } = app;
  const { name, sha256, licence, image, yes = false } = flags;
  const isTerminal = process.stdin.isTTY && process.stderr.isTTY;
  const prompter = createTerminalPrompter(signal);
  const added = await addModel({
    ...{
      config,
      path,
      runs: createModelRuns({ limits: config, signal }),
      name,
      sha256,
      licence,
      source,
    },
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
