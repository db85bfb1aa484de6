import type { Model, Parameters } from '../../api/types.js';
import { element } from '../dom.js';
import { field, numberInput, selectInput } from '../parts/fields.js';
import { modelFields } from '../parts/model-fields.js';
import { preprocessFields } from './preprocess-fields.js';
import { spanFields } from './span-fields.js';
import { trackField } from './track-field.js';

/** Fields of a job's input; the API supplies defaults for missing fields. */
export type JobOptions = Readonly<Record<string, unknown>>;

/** Values that the form shows first. */
export interface InitialOptions {
  readonly parameters?: Partial<Parameters>;
  /** Model as `name@version`. */
  readonly model?: string;
  readonly device?: string;
}

export interface OptionsForm {
  readonly root: HTMLElement;
  /** Returns the options; the enclosing form has checked them. */
  readonly read: () => JobOptions;
  /** Offers the video tracks of the videos. @param tracks number that each of them has */
  readonly offerTracks: (tracks: number) => void;
}

const FRAMES = [
  ['objects', 'a JPEG per frame'],
  ['packed', 'JPEGs, packed'],
  ['none', 'none'],
] as const;
const TRACKING = [
  ['false', 'no'],
  ['true', 'yes, an id for each object'],
] as const;
const DEVICES = [
  ['auto', 'GPU if available'],
  ['cpu', 'CPU'],
  ['gpu', 'GPU'],
] as const;

/** Fields of a job's options, with the defaults of the API unless others are given. */
export function jobOptions(models: readonly Model[], initial: InitialOptions = {}): OptionsForm {
  const { parameters = {} } = initial;
  const model = modelFields(models, { model: initial.model, classes: parameters.classes });
  const every = numberInput({ value: parameters.every ?? 5, min: 1, max: 1_000_000, step: 1 });
  const conf = numberInput({ value: parameters.conf ?? 0.25, min: 0, max: 1, step: 'any' });
  const iou = numberInput({ value: parameters.iou ?? 0.45, min: 0, max: 1, step: 'any' });
  const device = selectInput(DEVICES, initial.device);
  const frames = selectInput(FRAMES, parameters.frames);
  const preprocess = preprocessFields(parameters.preprocess);
  const track = trackField();
  const tracking = selectInput(TRACKING, String(parameters.tracking ?? false));
  const span = spanFields({ from_ms: parameters.from_ms, to_ms: parameters.to_ms });
  // A rerun keeps the options that are missing, and removes those that are null.
  const unset = initial.parameters ? null : undefined;
  const read = () => {
    const { classes, ...used } = model.read();
    const { from_ms = unset, to_ms = unset } = span.read();
    return {
      ...{ every: every.valueAsNumber, conf: conf.valueAsNumber, iou: iou.valueAsNumber },
      ...{ frames: frames.value, preprocess: preprocess.read(), device: device.value },
      ...{ ...used, classes: classes ?? unset, from_ms, to_ms },
      ...{ track: track.read(), tracking: tracking.value === 'true' },
    };
  };
  const fields = [
    ...model.fields,
    field('Process every nth frame', every),
    field('Minimum confidence, 0 to 1', conf),
    field('Overlap limit (IoU), 0 to 1', iou),
    field('Device', device),
    field('Stored frames', frames),
    field('Follow objects', tracking),
    track.root,
    span.root,
    preprocess.root,
  ];
  const root = element('div', { class: 'options-grid' }, ...fields);
  return { root, read, offerTracks: track.offer };
}
