import type { Size } from '../../domain/result/detection.js';
import { AppError } from '../../domain/errors.js';
import type { ModelInput } from '../../domain/model/model-manifest.js';
import type { OnnxFacts, OnnxTensor } from '../onnx/onnx-file.js';
import { type Answers, conclude, type Findings, GIVEN } from './findings.js';
import { describeTensors } from './describe.js';

/** The part of a manifest's input that the file's inputs tell. */
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
 * How the network takes a picture; nothing, with questions, where the file leaves it open.
 * @throws AppError `MODEL_INVALID` when no input is a picture, or there is one that cannot be fed.
 */
export function recogniseInput(
  facts: OnnxFacts,
  answers: Answers,
  findings: Findings,
): InputShape | undefined {
  const batches = facts.inputs.filter(({ dims }) => dims.length === RANK);
  const pictures = batches.length > 0 ? batches : facts.inputs.filter(isInNoBatch);
  const [picture] = pictures;
  if (!picture || pictures.length > 1) throw noPicture(facts);
  const dtype = dtypeOf(facts, picture, findings);
  const sizeTensor = sizeTensorOf(facts, picture, findings);
  expectOnePicture(facts, picture);
  const layout = layoutOf(facts, picture, answers, findings);
  const size = layout && sizeOf(facts, picture, layout, answers, findings);
  if (!layout || !size) return undefined;
  return {
    tensor: picture.name,
    width: size.width,
    height: size.height,
    layout,
    dtype,
    ...(sizeTensor && { size_tensor: sizeTensor }),
  };
}

/** One picture, as torchvision's detectors take them. */
function isInNoBatch({ dims }: OnnxTensor): boolean {
  return dims.length === RANK - 1 && dims[CHANNELS_AT.chw] === CHANNELS;
}

function noPicture({ title, inputs }: OnnxFacts): AppError {
  return new AppError(
    'MODEL_INVALID',
    `${title} takes no picture: expected one input of batch, 3 channels, rows and columns, it has ${describeTensors(inputs)}.`,
  );
}

function dtypeOf({ title }: OnnxFacts, picture: OnnxTensor, findings: Findings) {
  const dtype = DTYPES.find((each) => each === picture.type);
  if (dtype) return conclude(findings, 'type', dtype, `the type of its input ${picture.name}`);
  throw new AppError(
    'MODEL_INVALID',
    `${title}: its input ${picture.name} is of ${picture.type}; export it with an input of ${DTYPES.join(', ')}`,
  );
}

/** A second input may only be one that takes the input's width and height. */
function sizeTensorOf(
  { title, inputs }: OnnxFacts,
  picture: OnnxTensor,
  findings: Findings,
): InputShape['size_tensor'] {
  const others = inputs.filter((input) => input !== picture);
  const [other] = others;
  if (!other) return undefined;
  const takesSize = /size/i.test(other.name) && other.dims.length === 2 && other.dims[1] === 2;
  if (others.length === 1 && takesSize && (other.type === 'int64' || other.type === 'float32')) {
    const because = `two numbers named ${other.name}; boxes come in pixels of them`;
    conclude(findings, 'size input', other.name, because);
    return { tensor: other.name, dtype: other.type };
  }
  throw new AppError(
    'MODEL_INVALID',
    `${title}: beside a picture it takes ${describeTensors(others)}, which nothing is known to give. Export it without.`,
  );
}

function expectOnePicture({ title }: OnnxFacts, { dims }: OnnxTensor): void {
  if (dims.length < RANK || typeof dims[0] === 'string' || dims[0] === 1) return;
  throw new AppError(
    'MODEL_INVALID',
    `${title} takes ${dims[0]} pictures at once: export it with a batch of 1 or an open one`,
  );
}

function layoutOf(
  facts: OnnxFacts,
  picture: OnnxTensor,
  { layout }: Answers,
  findings: Findings,
): ModelInput['layout'] | undefined {
  const { dims } = picture;
  const because = `its input is [${dims.join(', ')}]`;
  if (isInNoBatch(picture)) return conclude(findings, 'layout', 'chw', because);
  if (layout) return conclude(findings, 'layout', layout, GIVEN);
  const possible = (['nchw', 'nhwc'] as const).filter((each) => {
    const channels = dims[CHANNELS_AT[each]];
    return channels === CHANNELS || typeof channels === 'string';
  });
  const certain = possible.filter((each) => {
    const channels = dims[CHANNELS_AT[each]]!;
    return channels === CHANNELS || /chan/i.test(String(channels));
  });
  if (possible.length === 0) throw noPicture(facts);
  const known = certain.length === 1 ? certain : possible;
  if (known.length === 1) return conclude(findings, 'layout', known[0]!, because);
  findings.questions.push({
    answer: 'layout',
    ask: `Its input is [${dims.join(', ')}]: do the channels stand before the rows (nchw) or last (nhwc)?`,
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
      `${facts.title} takes pictures of ${width}x${height}, not of ${size.width}x${size.height}`,
    );
  }
  const note = (found: Size, because: string) =>
    conclude(findings, 'size', found, because, `${found.width}x${found.height}`);
  if (typeof width === 'number' && typeof height === 'number')
    return note({ width, height }, 'the size of its input is fixed');
  if (size) return note(size, GIVEN);
  const exported = exportedSize(facts.metadata.imgsz);
  if (exported && fits(exported.width, width) && fits(exported.height, height))
    return note(exported, 'its metadata has imgsz');
  findings.questions.push({
    answer: 'size',
    ask: 'It takes pictures of any size. Which width and height was it trained for?',
  });
  return undefined;
}

/** @example exportedSize('[480, 640]') // { width: 640, height: 480 } */
function exportedSize(imgsz: string | undefined): Size | undefined {
  const [height, width = height] = (imgsz?.match(/\d+/g) ?? []).map(Number);
  return height && width ? { width, height } : undefined;
}
