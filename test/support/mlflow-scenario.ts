import { fixtureModel } from './fixture-models.js';
import { registerModel, setAlias, setModelTag } from './mlflow-models.js';

/** Names of the registered models of the scenario; on the shared stack they begin with its file. */
export const FISH = 'mlflow-fish';
export const NAMED = 'mlflow Fish v2.1';
export const UNUSABLE = 'mlflow-unusable';
export const TAGGED = 'mlflow-tagged';

/** Labels of the classifier, in the order of its classes. */
export const FISH_LABELS = ['bass', 'форель', 'carp'];
const CLASS_INDICES = JSON.stringify({ bass: 0, carp: 2, форель: 1 });

/** Files of a fixture model. */
function filesOf(name: string): Record<string, Buffer> {
  const files = Object.entries(fixtureModel(name).files);
  return Object.fromEntries(files.map(([file, text]) => [file, Buffer.from(text, 'base64')]));
}

const ONNX = { onnx: { data: 'model.onnx' }, python_function: {} };
const RUN_FILES = { 'class_indices.json': CLASS_INDICES };

/**
 * Registers the models of the tests:
 * `FISH` 1 (logged model) is `champion`, 2 has its files in its run, 3 in a folder of artifacts;
 * `NAMED` 1 has external data; `TAGGED` 1 has its labels in a tag;
 * `UNUSABLE` 1 lacks its weights, 2 is a SavedModel, 3 PyTorch, 4 Keras, 5 has no labels.
 */
export async function registerScenario(uri: string): Promise<void> {
  const keras = { name: FISH, files: filesOf('keras'), flavors: ONNX, runFiles: RUN_FILES };
  await registerModel(uri, keras);
  await registerModel(uri, { ...keras, source: 'runs' });
  await registerModel(uri, { ...keras, source: 'artifacts' });
  await setAlias(uri, FISH, 'champion', 1);
  await registerModel(uri, { ...keras, name: NAMED, files: filesOf('outside') });
  await registerModel(uri, { ...keras, name: TAGGED, runFiles: {} });
  await setModelTag(uri, TAGGED, 'labels', JSON.stringify(FISH_LABELS));
  await registerUnusable(uri, keras.files);
}

async function registerUnusable(uri: string, files: Record<string, Buffer>): Promise<void> {
  const common = { name: UNUSABLE, files: {}, runFiles: RUN_FILES };
  const { 'weights.bin': _, ...withoutWeights } = filesOf('outside');
  await registerModel(uri, { ...common, files: withoutWeights, flavors: ONNX });
  const savedModel = { tensorflow: { saved_model_dir: 'tfmodel' }, python_function: {} };
  await registerModel(uri, { ...common, flavors: savedModel });
  await registerModel(uri, { ...common, flavors: { pytorch: { model_data: 'data' } } });
  const keras = { keras: { data: 'data' }, python_function: {} };
  await registerModel(uri, { ...common, flavors: keras });
  await registerModel(uri, { ...common, files, flavors: ONNX, runFiles: {} });
}
