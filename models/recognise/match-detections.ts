import type { OutputOf } from '../../domain/model/model-output.js';
import type { OnnxFacts, OnnxTensor } from '../onnx/onnx-file.js';
import { BYTES, type Convention, DETR, TORCHVISION } from './preprocessing-presets.js';
import type { Answers, Findings, Question } from './findings.js';
import type { Clues, Match } from './match.js';

/** Patterns of output names, the most specific first. */
const NAMES = {
  boxes: [/^detection_boxes(:0)?$/, /box/i],
  confidences: [/^detection_scores(:0)?$/, /score|conf|prob/i],
  classes: [/^detection_classes(:0)?$/, /class|label/i],
  count: [/^num_detections(:0)?$/, /^num|count|valid/i],
};

type Reading = Pick<OutputOf<'detections'>, 'corners' | 'coordinates' | 'first_class'>;

/** Meaning of the outputs of a known exporter. */
interface KnownExport {
  readonly reading?: Partial<Reading>;
  readonly because: string;
  readonly convention?: Convention;
}

/** Matches lists of detections after NMS: one tensor each for boxes, confidences and classes. */
export function matchDetections(clues: Clues, findings: Findings): Match[] {
  const { outputs } = clues.facts;
  const flat = flatList(clues.facts);
  const names = flat ?? namesIn(outputs);
  if (!names) return [];
  const { boxes, confidences, classes } = names;
  const { reading, because, convention } = flat
    ? torchvisionReading(clues)
    : readingOf(clues, boxes);
  const complete = { ...reading, ...readingFromAnswers(clues.answers) };
  const { corners, coordinates, first_class } = complete;
  if (corners === undefined || coordinates === undefined || first_class === undefined) {
    findings.questions.push(...questionsFor(complete));
    return [];
  }
  return [
    {
      output: { family: 'detections', ...names, corners, coordinates, first_class },
      because: `outputs ${boxes}, ${confidences} and ${classes}${because}`,
      ...(convention && { convention }),
    },
  ];
}

type Names = Pick<OutputOf<'detections'>, 'boxes' | 'confidences' | 'classes' | 'count'>;

function namesIn(outputs: readonly OnnxTensor[]): Names | undefined {
  if (outputs.length < 3) return undefined;
  const [boxes, confidences, classes, count] = [
    nameOf(outputs, NAMES.boxes),
    nameOf(outputs, NAMES.confidences),
    nameOf(outputs, NAMES.classes),
    nameOf(outputs, NAMES.count),
  ];
  if (!boxes || !confidences || !classes) return undefined;
  if (new Set([boxes, confidences, classes, count]).size < 3) return undefined;
  return { boxes, confidences, classes, ...(count !== undefined && { count }) };
}

/** Recognises the outputs of torchvision's detectors by shape: no batch, classes as int64. */
function flatList({ outputs, producer }: OnnxFacts): Names | undefined {
  const [boxes, ...moreBoxes] = outputs.filter(({ dims }) => dims.length === 2 && dims[1] === 4);
  const flat = outputs.filter(({ dims }) => dims.length === 1);
  const classes = flat.find(({ type }) => type === 'int64');
  const confidences = flat.find(({ type }) => type.startsWith('float'));
  if (producer !== 'pytorch' || outputs.length !== 3 || moreBoxes.length > 0) return undefined;
  if (!boxes || !classes || !confidences) return undefined;
  return { boxes: boxes.name, confidences: confidences.name, classes: classes.name };
}

/** Torchvision models with a softmax have a background class; for others it is unknown. */
function torchvisionReading({ facts, hasBackground }: Clues): KnownExport {
  const isSoftmax = facts.nodes.some(({ operation }) => operation === 'Softmax');
  const first = hasBackground ? 0 : isSoftmax ? 1 : undefined;
  const detail = hasBackground
    ? '; the first label is the background'
    : isSoftmax
      ? '; with its softmax, class 0 is the background'
      : '';
  return {
    reading: {
      ...{ corners: 'xyxy', coordinates: 'pixels' },
      ...(first !== undefined && { first_class: first }),
    },
    because: ` have no batch dimension, like those of torchvision's detectors${detail}`,
    convention: TORCHVISION,
  };
}

function nameOf(outputs: readonly OnnxTensor[], patterns: readonly RegExp[]): string | undefined {
  for (const pattern of patterns) {
    const found = outputs.filter(({ name }) => pattern.test(name));
    if (found.length === 1) return found[0]!.name;
  }
  return undefined;
}

/** Meaning of the names of two well-known exporters; for others, the user is asked. */
function readingOf({ takesSize, dtype }: Clues, boxes: string): KnownExport {
  if (takesSize) {
    return {
      reading: { corners: 'xyxy', coordinates: 'pixels', first_class: 0 },
      because: ' and an input for sizes are those of RT-DETR and D-FINE',
      convention: DETR,
    };
  }
  if (/^detection_boxes/.test(boxes)) {
    return {
      reading: { corners: 'yxyx', coordinates: 'normalised', first_class: 1 },
      because: " are those of TensorFlow's Object Detection API",
      // Its float models use different scales.
      ...(dtype === 'uint8' && { convention: BYTES }),
    };
  }
  return { because: ' have these names' };
}

function readingFromAnswers({ corners, coordinates, firstClass }: Answers): Partial<Reading> {
  return {
    ...(corners && { corners }),
    ...(coordinates && { coordinates }),
    ...(firstClass !== undefined && { first_class: firstClass }),
  };
}

function questionsFor({ corners, coordinates, first_class }: Partial<Reading>): Question[] {
  const questions: Question[] = [];
  if (corners === undefined)
    questions.push({
      answer: 'corners',
      ask: 'What is the coordinate order of its boxes?',
      choices: ['xyxy', 'yxyx'],
    });
  if (coordinates === undefined)
    questions.push({
      answer: 'coordinates',
      ask: 'Are its boxes in pixels of the input, or normalised (0 to 1)?',
      choices: ['pixels', 'normalised'],
    });
  if (first_class === undefined)
    questions.push({
      answer: 'firstClass',
      ask: 'What is the class number of the first label (1 if 0 is the background)?',
      choices: ['0', '1'],
    });
  return questions;
}
