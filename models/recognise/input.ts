import type { Size } from '../../domain/result/detection.js';
import { AppError } from '../../domain/errors.js';
import type { ModelInput } from '../../domain/model/model-manifest.js';
import type { OnnxFacts, OnnxTensor } from '../onnx/onnx-file.js';
import { type Answers, conclude, type Findings, GIVEN } from './findings.js';
import { describeTensors } from './describe.js';

/** The part of a manifest's input that follows from the inputs of the file. */
export type InputShape = Pick<
  ModelInput,
  'tensor' | 'width' | 'height' | 'layout' | 'dtype' | 'size_tensor'
>;

const DTYPES: readonly ModelInput['dtype'][] = ['float32', 'float16', 'uint8'];
const RANK = 4;
const CHANNELS = 3;
const CHANNELS_AT = { nchw: 1, nhwc: 3, chw: 0 } as const;
const SIDES_AT = { nchw: [2, 3], nhwc: [1, 2], chw: [1, 2] } as const;

/**
 * Recognises the image input of a model; returns undefined and adds questions if the file leaves it
 * open.
 * @throws AppError `MODEL_INVALID` if the image input is missing, or an input is not supported.
 */
export function recogniseInput(
  facts: OnnxFacts,
  answers: Answers,
  findings: Findings,
): InputShape | undefined {
  const batches = facts.inputs.filter(({ dims }) => dims.length === RANK);
  const images = batches.length > 0 ? batches : facts.inputs.filter(isUnbatched);
  const [image] = images;
  if (!image || images.length > 1) throw noImageInput(facts);
  const dtype = dtypeOf(facts, image, findings);
  const sizeTensor = sizeTensorOf(facts, image, findings);
  expectSingleImage(facts, image);
  const layout = layoutOf(facts, image, answers, findings);
  const size = layout && sizeOf(facts, image, layout, answers, findings);
  if (!layout || !size) return undefined;
  return {
    tensor: image.name,
    width: size.width,
    height: size.height,
    layout,
    dtype,
    ...(sizeTensor && { size_tensor: sizeTensor }),
  };
}

/** Whether an input is an image without a batch dimension, as in torchvision's detectors. */
function isUnbatched({ dims }: OnnxTensor): boolean {
  return dims.length === RANK - 1 && dims[CHANNELS_AT.chw] === CHANNELS;
}

function noImageInput({ title, inputs }: OnnxFacts): AppError {
  return new AppError(
    'MODEL_INVALID',
    `${title} has no image input: expected one input of batch, 3 channels, rows and columns; found ${describeTensors(inputs)}.`,
  );
}

function dtypeOf({ title }: OnnxFacts, image: OnnxTensor, findings: Findings) {
  const dtype = DTYPES.find((each) => each === image.type);
  if (dtype) return conclude(findings, 'type', dtype, `the type of its input ${image.name}`);
  throw new AppError(
    'MODEL_INVALID',
    `${title}: its input ${image.name} has type ${image.type}; export it with an input of type ${DTYPES.join(', ')}`,
  );
}

/** Recognises a second input, which may only take the input's width and height. */
function sizeTensorOf(
  { title, inputs }: OnnxFacts,
  image: OnnxTensor,
  findings: Findings,
): InputShape['size_tensor'] {
  const others = inputs.filter((input) => input !== image);
  const [other] = others;
  if (!other) return undefined;
  const takesSize = /size/i.test(other.name) && other.dims.length === 2 && other.dims[1] === 2;
  if (others.length === 1 && takesSize && (other.type === 'int64' || other.type === 'float32')) {
    const because = `it has two numbers and is named ${other.name}; boxes are in pixels of that size`;
    conclude(findings, 'size input', other.name, because);
    return { tensor: other.name, dtype: other.type };
  }
  throw new AppError(
    'MODEL_INVALID',
    `${title}: it has inputs that are not supported: ${describeTensors(others)}. Export it without them.`,
  );
}

function expectSingleImage({ title }: OnnxFacts, { dims }: OnnxTensor): void {
  if (dims.length < RANK || typeof dims[0] === 'string' || dims[0] === 1) return;
  throw new AppError(
    'MODEL_INVALID',
    `${title} has a fixed batch of ${dims[0]} images: export it with a batch of 1 or a dynamic batch`,
  );
}

function layoutOf(
  facts: OnnxFacts,
  image: OnnxTensor,
  { layout }: Answers,
  findings: Findings,
): ModelInput['layout'] | undefined {
  const { dims } = image;
  const because = `its input is [${dims.join(', ')}]`;
  if (isUnbatched(image)) return conclude(findings, 'layout', 'chw', because);
  if (layout) return conclude(findings, 'layout', layout, GIVEN);
  const possible = (['nchw', 'nhwc'] as const).filter((each) => {
    const channels = dims[CHANNELS_AT[each]];
    return channels === CHANNELS || typeof channels === 'string';
  });
  const certain = possible.filter((each) => {
    const channels = dims[CHANNELS_AT[each]]!;
    return channels === CHANNELS || /chan/i.test(String(channels));
  });
  if (possible.length === 0) throw noImageInput(facts);
  const layouts = certain.length === 1 ? certain : possible;
  if (layouts.length === 1) return conclude(findings, 'layout', layouts[0]!, because);
  findings.questions.push({
    answer: 'layout',
    ask: `Its input is [${dims.join(', ')}]: are the channels before the rows (nchw) or last (nhwc)?`,
    choices: ['nchw', 'nhwc'],
  });
  return undefined;
}

function sizeOf(
  facts: OnnxFacts,
  { dims }: OnnxTensor,
  layout: ModelInput['layout'],
  answers: Answers,
  findings: Findings,
): Size | undefined {
  const [height, width] = [dims[SIDES_AT[layout][0]]!, dims[SIDES_AT[layout][1]]!];
  const fits = (side: number, dim: number | string) => typeof dim === 'string' || dim === side;
  const { size } = answers;
  if (size && !(fits(size.width, width) && fits(size.height, height))) {
    throw new AppError(
      'INVALID_INPUT',
      `${facts.title} takes images of ${width}x${height}, not ${size.width}x${size.height}`,
    );
  }
  const note = (found: Size, because: string) =>
    conclude(findings, 'size', found, because, `${found.width}x${found.height}`);
  if (typeof width === 'number' && typeof height === 'number')
    return note({ width, height }, 'the size of its input is fixed');
  if (size) return note(size, GIVEN);
  const exported = parseImageSize(facts.metadata.imgsz);
  if (exported && fits(exported.width, width) && fits(exported.height, height))
    return note(exported, 'of the imgsz in its metadata');
  findings.questions.push({
    answer: 'size',
    ask: 'It takes images of any size. Which width and height was it trained with?',
  });
  return undefined;
}

/** @example parseImageSize('[480, 640]') // { width: 640, height: 480 } */
function parseImageSize(imgsz: string | undefined): Size | undefined {
  const [height, width = height] = (imgsz?.match(/\d+/g) ?? []).map(Number);
  return height && width ? { width, height } : undefined;
}
