import type { Model, Stream } from '../../api/types.js';
import { element } from '../dom.js';
import { field, numberInput, selectInput } from '../parts/fields.js';
import { modelFields } from '../parts/model-fields.js';

interface DetectionFields {
  readonly root: HTMLElement;
  readonly read: () => Readonly<Record<string, unknown>>;
  /** Classes of the chosen model. */
  readonly classes: () => readonly string[];
}

const GATES = [
  ['off', 'detect every frame'],
  ['still', 'reuse the objects'],
  ['sleep', 'also decode keyframes only'],
] as const;

type InitialValues = Partial<NonNullable<Stream['parameters']>>;

/** Fields of what is detected in the frames of a camera. @param initial values; default: of the API */
export function detectionFields(
  models: readonly Model[],
  initial: InitialValues,
  onClasses: (classes: readonly string[]) => void,
): DetectionFields {
  const { model: spec, classes } = initial;
  const model = modelFields(
    models,
    { model: spec ?? undefined, classes: classes ?? undefined },
    onClasses,
  );
  const fps = numberInput({ value: initial.fps ?? 2, min: 0.1, max: 60, step: 'any' });
  const conf = numberInput({ value: initial.conf ?? 0.25, min: 0, max: 1, step: 'any' });
  const gate = selectInput(GATES, initial.gate);
  const root = element(
    'div',
    { class: 'options-grid' },
    ...model.fields,
    field('Frames per second', fps),
    field('Minimum confidence, 0 to 1', conf),
    field('While nothing moves', gate),
  );
  const read = () => ({
    ...{ ...model.read(), fps: fps.valueAsNumber, conf: conf.valueAsNumber, gate: gate.value },
  });
  return { root, read, classes: model.classes };
}
