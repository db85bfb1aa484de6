import { createMlflowSource } from '../../adapters/mlflow/mlflow-source.js';
import { createModelRegistry } from '../../adapters/store/model-registry.js';
import { createObjectStore } from '../../adapters/store/minio-object-store.js';
import type { Config } from '../../config/index.js';
import { AppError } from '../../domain/errors.js';
import type { ModelSource } from '../../domain/ports/model-source.js';
import type { Answers } from '../../models/recognise/index.js';
import { createTransfers } from '../../stack/tools/transfers.js';
import type { App } from '../app.js';
import { settingsInUse } from '../connect.js';
import { mirrorModel } from '../../models/add/mirror-model.js';
import { createModelRuns } from '../../models/add/model-runs.js';
import { refuseQuestions } from './ask.js';
import { formatConclusions, formatModels, formatTest, summaryOf } from './texts.js';

/** Copies a version of MLflow into the catalogue. */
export async function runMirror(app: App, uri: string, answers: Answers): Promise<void> {
  const { config, out, signal } = app;
  const { objectStore } = await settingsInUse(config);
  await withMlflow(config, async (source) => {
    const published = await mirrorModel(uri, {
      ...{ config, source, signal, answers },
      answer: (uri) => refuseQuestions(uri, `vidette models pull ${uri}`),
      models: createModelRegistry(createObjectStore(objectStore)),
      runs: createModelRuns({ limits: config, signal }),
      onBytes: createTransfers(out.step).start(),
      onConcluded: (concluded) => out.note(`Concluded:\n${formatConclusions(concluded)}`),
      onTested: (test) => out.note(`Tested on ${formatTest(test)}`),
    });
    out.result({ ...summaryOf(published), published: true }, formatModels([published]));
  });
}

/** Runs `work` with the registry of MLflow. @throws AppError `INVALID_INPUT` if none is configured. */
export async function withMlflow<T>(
  { mlflow, download }: Pick<Config, 'mlflow' | 'download'>,
  work: (source: ModelSource) => Promise<T>,
): Promise<T> {
  if (!mlflow) {
    throw new AppError(
      'INVALID_INPUT',
      'No MLflow server is configured. Set MLFLOW_URI to its URL, such as http://127.0.0.1:5000.',
    );
  }
  const source = createMlflowSource({ ...mlflow, maxBytes: download.maxBytes });
  try {
    return await work(source);
  } finally {
    await source.close();
  }
}
