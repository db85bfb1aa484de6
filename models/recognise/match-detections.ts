import type { OutputOf } from '../../domain/model/model-output.js';
import type { OnnxFacts, OnnxTensor } from '../onnx/onnx-file.js';
import { BYTES, type Convention, DETR, TORCHVISION } from './preprocessing-presets.js';
import type { Answers, Findings, Question } from './findings.js';
import type { Clues, Match } from './match.js';

/** How the outputs are called, the most exact name first. */
const NAMES = {
  boxes: [/^detection_boxes(:0)?$/, /box/i],
  confidences: [/^detection_scores(:0)?$/, /score|conf|prob/i],
  classes: [/^detection_classes(:0)?$/, /class|label/i],
  count: [/^num_detections(:0)?$/, /^num|count|valid/i],
};

type Reading = Pick<OutputOf<'detections'>, 'corners' | 'coordinates' | 'first_class'>;

/** What an export that is known tells by its outputs. */
interface Known {
  readonly reading?: Partial<Reading>;
  readonly because: string;
  readonly convention?: Convention;
}

/** A finished list in a tensor each for boxes, confidences and classes. */
export function matchDetections(clues: Clues, findings: Findings): Match[] {
  const { outputs } = clues.facts;
  const flat = flatList(clues.facts);
  const names = flat ?? namesIn(outputs);
  if (!names) return [];
  const { boxes, confidences, classes } = names;
  const { reading, because, convention } = flat
    ? torchvisionReading(clues)
    : readingOf(clues, boxes);
  const known = { ...reading, ...answered(clues.answers) };
  const { corners, coordinates, first_class } = known;
  if (corners === undefined || coordinates === undefined || first_class === undefined) {
    findings.questions.push(...questionsFor(known));
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

/** The list of torchvision's detectors, told by its shapes: no batch, classes in 64 bits. */
function flatList({ outputs, producer }: OnnxFacts): Names | undefined {
  const [boxes, ...moreBoxes] = outputs.filter(({ dims }) => dims.length === 2 && dims[1] === 4);
  const flat = outputs.filter(({ dims }) => dims.length === 1);
  const classes = flat.find(({ type }) => type === 'int64');
  const confidences = flat.find(({ type }) => type.startsWith('float'));
  if (producer !== 'pytorch' || outputs.length !== 3 || moreBoxes.length > 0) return undefined;
  if (!boxes || !classes || !confidences) return undefined;
  return { boxes: boxes.name, confidences: confidences.name, classes: classes.name };
}

/** Those with a softmax have a class for the background; others' lists may have one or not. */
function torchvisionReading({ facts, hasBackground }: Clues): Known {
  const isSoftmax = facts.nodes.some(({ operation }) => operation === 'Softmax');
  const first = hasBackground ? 0 : isSoftmax ? 1 : undefined;
  const why = hasBackground
    ? '; the first label is the background'
    : isSoftmax
      ? '; with its softmax, class 0 is the background'
      : '';
  return {
    reading: {
      ...{ corners: 'xyxy', coordinates: 'pixels' },
      ...(first !== undefined && { first_class: first }),
    },
    because: `, without a batch: those of torchvision's detectors${why}`,
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

/** What two well-known exports mean by their names; of others a person is asked. */
function readingOf({ takesSize, dtype }: Clues, boxes: string): Known {
  if (takesSize) {
    return {
      reading: { corners: 'xyxy', coordinates: 'pixels', first_class: 0 },
      because: ', and an input of sizes: the export of RT-DETR and D-FINE',
      convention: DETR,
    };
  }
  if (/^detection_boxes/.test(boxes)) {
    return {
      reading: { corners: 'yxyx', coordinates: 'normalised', first_class: 1 },
      because: ": those of TensorFlow's Object Detection API",
      // Its networks that take floats differ in how these are scaled.
      ...(dtype === 'uint8' && { convention: BYTES }),
    };
  }
  return { because: '' };
}

function answered({ corners, coordinates, firstClass }: Answers): Partial<Reading> {
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
      ask: 'In which order are the corners of its boxes?',
      choices: ['xyxy', 'yxyx'],
    });
  if (coordinates === undefined)
    questions.push({
      answer: 'coordinates',
      ask: 'Are its boxes in pixels of the input, or in shares of its size (0 to 1)?',
      choices: ['pixels', 'normalised'],
    });
  if (first_class === undefined)
    questions.push({
      answer: 'firstClass',
      ask: 'Which number has the class of the first label (1 where 0 is the background)?',
      choices: ['0', '1'],
    });
  return questions;
}
