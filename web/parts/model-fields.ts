import type { Model } from '../../api/types.js';
import { formatCount } from '../format.js';
import { classPicker } from './class-picker.js';
import { field, selectInput } from './fields.js';

interface InitialModel {
  /** `name@version`; default: the default of this installation. */
  readonly model?: string | undefined;
  /** Default: all. */
  readonly classes?: readonly string[] | undefined;
}

interface ModelFields {
  readonly fields: readonly HTMLElement[];
  /** Returns the choice of the user; without a model for the default, without classes for all. */
  /** Classes of the chosen model. */
  readonly classes: () => readonly string[];
  readonly read: () => { readonly model?: string; readonly classes?: readonly string[] };
}

const specOf = ({ name, version }: Model) => `${name}@${version}`;

/**
 * Choice of a detection model and of the classes that it detects.
 * @param onClasses called when the user has chosen a model with other classes
 */
export function modelFields(
  models: readonly Model[],
  initial: InitialModel = {},
  onClasses: (classes: readonly string[]) => void = () => undefined,
): ModelFields {
  const detectors = models.filter(({ task }) => task !== 'classify');
  const select = modelSelect(detectors, initial.model);
  const picker = classPicker(initial.classes ?? []);
  const classesOfModel = () => detectors.find((one) => specOf(one) === select.value)?.classes ?? [];
  const offer = () => {
    picker.offer(classesOfModel());
    picker.root.hidden = classesOfModel().length === 0;
  };
  select.addEventListener('change', () => {
    offer();
    onClasses(classesOfModel());
  });
  offer();
  const read = () => {
    const classes = picker.selected();
    return {
      ...(select.value !== '' && { model: select.value }),
      ...(classes.length > 0 && { classes }),
    };
  };
  const model = field('Model', select);
  model.classList.add('is-wide');
  return { fields: [model, picker.root], classes: classesOfModel, read };
}

function modelSelect(models: readonly Model[], initial: string | undefined): HTMLSelectElement {
  const standard = models.find((model) => model.is_default);
  const options = models.map((model) => {
    const { name, version, classes, licence, is_default } = model;
    const text = `${name} ${version}, ${formatCount(classes.length)} classes, ${licence}`;
    return [specOf(model), is_default ? `${text} (default)` : text] as const;
  });
  const unnamed = standard ? [] : [['', 'default of this installation'] as const];
  const isOffered = options.some(([spec]) => spec === initial);
  return selectInput([...unnamed, ...options], isOffered ? initial : standard && specOf(standard));
}
