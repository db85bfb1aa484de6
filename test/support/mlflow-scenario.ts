import { fixtureModel } from './fixture-models.js';
import { kerasFile } from './keras-files.js';
import { registerModel, setAlias, setModelTag } from './mlflow-models.js';

/** Names of the registered models of the scenario; on the shared stack they begin with its file. */
export const FISH = 'mlflow-fish';
export const NAMED = 'mlflow Fish v2.1';
export const UNUSABLE = 'mlflow-unusable';
export const TAGGED = 'mlflow-tagged';
export const KERAS = 'mlflow-keras';

/** Labels of the classifier, in the order of its classes. */
export const FISH_LABELS = ['bass', 'форель', 'carp'];
const CLASS_INDICES = JSON.stringify({ bass: 0, carp: 2, форель: 1 });

/** Files of a fixture model. */
export function fixtureFiles(name: string): Record<string, Buffer> {
  const files = Object.entries(fixtureModel(name).files);
  return Object.fromEntries(files.map(([file, text]) => [file, Buffer.from(text, 'base64')]));
}

const kerasFiles = (name: string) => ({ 'data/model.keras': kerasFile(name) });

const ONNX = { onnx: { data: 'model.onnx' }, python_function: {} };
/** The flavour of `mlflow.keras.log_model`. */
const OF_KERAS = { keras: { data: 'data', keras_backend: 'tensorflow' }, python_function: {} };
/** Labels of the Keras model. */
export const KERAS_LABELS = ['bass', 'форель', 'carp', 'perch', 'pike'];
const KERAS_INDICES = JSON.stringify(
  Object.fromEntries(KERAS_LABELS.map((label, index) => [label, index])),
);
const RUN_FILES = { 'class_indices.json': CLASS_INDICES };

/**
 * Registers the models of the tests:
 * `FISH` 1 (logged model) is `champion`, 2 has its files in its run, 3 in a folder of artifacts;
 * `NAMED` 1 has external data; `TAGGED` 1 has its labels in a tag; `KERAS` 1 is a file of Keras 3;
 * `UNUSABLE` 1 lacks its weights, 2 is a SavedModel, 3 PyTorch, 4 Keras without a file of Keras 3, 5 has
 * no labels, 6 is a file of Keras with a layer that cannot be converted.
 */
export async function registerScenario(uri: string): Promise<void> {
  const keras = { name: FISH, files: fixtureFiles('keras'), flavors: ONNX, runFiles: RUN_FILES };
  await registerModel(uri, keras);
  await registerModel(uri, { ...keras, source: 'runs' });
  await registerModel(uri, { ...keras, source: 'artifacts' });
  await setAlias(uri, FISH, 'champion', 1);
  await registerModel(uri, { ...keras, name: NAMED, files: fixtureFiles('outside') });
  await registerModel(uri, { ...keras, name: TAGGED, runFiles: {} });
  await setModelTag(uri, TAGGED, 'labels', JSON.stringify(FISH_LABELS));
  await registerModel(uri, {
    ...{ name: KERAS, files: kerasFiles('convolutions'), flavors: OF_KERAS },
    runFiles: { 'class_indices.json': KERAS_INDICES },
  });
  await registerUnusable(uri, keras.files);
}

/**
 * Registers the models of the tests in MLflow 2, which has no logged models: `FISH` 1 has its files in
 * its run, 2 (`champion`) in a folder of artifacts; `KERAS` 1 is a file of Keras 3.
 */
export async function registerScenario2(uri: string): Promise<void> {
  const fish = { name: FISH, files: fixtureFiles('keras'), flavors: ONNX, runFiles: RUN_FILES };
  await registerModel(uri, { ...fish, source: 'runs' });
  await registerModel(uri, { ...fish, source: 'artifacts' });
  await setAlias(uri, FISH, 'champion', 2);
  await registerModel(uri, {
    ...{ name: KERAS, files: kerasFiles('convolutions'), flavors: OF_KERAS, source: 'artifacts' },
    runFiles: { 'class_indices.json': KERAS_INDICES },
  });
}

async function registerUnusable(uri: string, files: Record<string, Buffer>): Promise<void> {
  const common = { name: UNUSABLE, files: {}, runFiles: RUN_FILES };
  const { 'weights.bin': _, ...withoutWeights } = fixtureFiles('outside');
  await registerModel(uri, { ...common, files: withoutWeights, flavors: ONNX });
  const savedModel = { tensorflow: { saved_model_dir: 'tfmodel' }, python_function: {} };
  await registerModel(uri, { ...common, flavors: savedModel });
  await registerModel(uri, { ...common, flavors: { pytorch: { model_data: 'data' } } });
  await registerModel(uri, { ...common, flavors: OF_KERAS });
  await registerModel(uri, { ...common, files, flavors: ONNX, runFiles: {} });
  await registerModel(uri, { ...common, files: kerasFiles('lambda'), flavors: OF_KERAS });
}
