import type { OutputOf } from '../../domain/model-output.js';
import type { OnnxTensor } from '../onnx/onnx-file.js';
import { BYTES, type Convention, DETR } from './conventions.js';
import type { Answers, Findings, Question } from './findings.js';
import type { Clues, Match } from './output.js';

/** How the outputs are called, the most exact name first. */
const NAMES = {
  boxes: [/^detection_boxes(:0)?$/, /box/i],
  confidences: [/^detection_scores(:0)?$/, /score|conf|prob/i],
  classes: [/^detection_classes(:0)?$/, /class|label/i],
  count: [/^num_detections(:0)?$/, /^num|count|valid/i],
};

type Reading = Pick<OutputOf<'detections'>, 'corners' | 'coordinates' | 'first_class'>;

/** A finished list in a tensor each for boxes, confidences and classes, told by their names. */
export function matchDetections(clues: Clues, findings: Findings): Match[] {
  const { outputs } = clues.facts;
  if (outputs.length < 3) return [];
  const [boxes, confidences, classes, count] = [
    nameOf(outputs, NAMES.boxes),
    nameOf(outputs, NAMES.confidences),
    nameOf(outputs, NAMES.classes),
    nameOf(outputs, NAMES.count),
  ];
  if (!boxes || !confidences || !classes) return [];
  if (new Set([boxes, confidences, classes, count]).size < 3) return [];
  const names = { boxes, confidences, classes, ...(count !== undefined && { count }) };
  const { reading, because, convention } = readingOf(clues, boxes);
  const known = { ...reading, ...answered(clues.answers) };
  const { corners, coordinates, first_class } = known;
  if (corners === undefined || coordinates === undefined || first_class === undefined) {
    findings.questions.push(...questionsFor(known));
    return [];
  }
  return [
    {
      output: { family: 'detections', ...names, corners, coordinates, first_class },
      because: `outputs named ${boxes}, ${confidences} and ${classes}${because}`,
      ...(convention && { convention }),
    },
  ];
}

function nameOf(outputs: readonly OnnxTensor[], patterns: readonly RegExp[]): string | undefined {
  for (const pattern of patterns) {
    const found = outputs.filter(({ name }) => pattern.test(name));
    if (found.length === 1) return found[0]!.name;
  }
  return undefined;
}

/** What two well-known exports mean by their names; of others a person is asked. */
function readingOf(
  { takesSize, dtype }: Clues,
  boxes: string,
): { reading?: Reading; because: string; convention?: Convention } {
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
