import { AppError, hasCode } from '../../domain/errors.js';
import { manifestFor } from '../catalogue.js';
import { hasDynamicDims, withMeasuredSizes } from '../session/measured-sizes.js';
import { type OnnxFacts, readOnnxFile } from '../onnx/onnx-file.js';
import {
  type Answers,
  type Conclusion,
  inputShapeOf,
  type ModelDraft,
  type Question,
  type Recognised,
  recognise,
} from '../recognise/index.js';
import { describeTensors } from '../recognise/describe.js';
import { type Content, readContent } from './content.js';
import type { ModelRuns } from './model-runs.js';

/** Result of examining a model file. */
export interface Examined {
  readonly content: Content;
  readonly concluded: readonly Conclusion[];
  readonly draft: ModelDraft;
  /** Licence and source, from the file or the list of known models. */
  readonly licence?: string;
  readonly source?: string;
}

export interface ExamineRequest {
  readonly path: string;
  readonly runs: Pick<ModelRuns, 'measureOutputs'>;
  readonly answers: Answers;
  /** Expected SHA-256 of the file, lower-case hex. */
  readonly sha256?: string;
  /** Answers open questions, or rejects; called until no question is open. */
  readonly answer: (questions: readonly Question[]) => Promise<Answers>;
  /** Called with the conclusions before the user is asked. */
  readonly onConcluded?: (concluded: readonly Conclusion[]) => void;
}

/**
 * Reads a model file and concludes how to prepare its input and decode its output.
 * @throws AppError `MODEL_INVALID` for a file that cannot be run or has another SHA-256.
 */
export async function examine(request: ExamineRequest): Promise<Examined> {
  const { path, answers } = request;
  // Read first: its error is the clearest if the file is not ONNX.
  const facts = await readOnnxFile(path);
  const content = await readContent(path, facts);
  expectSha256(path, content.sha256, request.sha256);
  const known = manifestFor(content.sha256);
  if (known && Object.keys(answers).length === 0) {
    const { task, input, output, labels, licence, source, name } = known;
    const because = 'its SHA-256 is that of a known model';
    const concluded = [{ what: 'model', value: name, because }, ...summarise(known)];
    return { content, concluded, draft: { task, input, output, labels }, licence, source };
  }
  return { content, ...(await conclude(request, facts, content)) };
}

function summarise({ input, output, labels }: ModelDraft): Conclusion[] {
  const because = 'that is known of this model';
  const size = `${input.width}x${input.height} ${input.channels}`;
  return [
    { what: 'family', value: output.family, because },
    { what: 'input', value: size, because },
    { what: 'labels', value: `${labels.length}: ${labels.slice(0, 3).join(', ')}, ...`, because },
  ];
}

async function conclude(
  { path, runs, answers, answer, onConcluded }: ExamineRequest,
  declared: OnnxFacts,
  { files }: Content,
): Promise<Pick<Examined, 'concluded' | 'draft' | 'licence'>> {
  for (let known = answers, tried = declared; ;) {
    tried = await withSizes({ path, runs }, tried, known, files);
    const { draft, questions, licence, concluded } = recogniseEither(tried, declared, known);
    if (draft) return { draft, concluded, ...(licence !== undefined && { licence }) };
    onConcluded?.(concluded);
    known = { ...known, ...(await answer(questions)) };
  }
}

/** Recognises with measured dimensions, else as declared, which accepts models with unusual grids. */
function recogniseEither(tried: OnnxFacts, declared: OnnxFacts, answers: Answers): Recognised {
  if (tried === declared) return recognise(declared, answers);
  try {
    const found = recognise(tried, answers);
    const because = 'the file has dynamic dimensions, so they were measured by running it';
    const sizes = { what: 'outputs', value: describeTensors(tried.outputs), because };
    return { ...found, concluded: [sizes, ...found.concluded] };
  } catch (error) {
    if (!hasCode(error, 'MODEL_INVALID')) throw error;
    try {
      return recognise(declared, answers);
    } catch {
      throw error;
    }
  }
}

/** Replaces dynamic output dimensions by measured ones. */
async function withSizes(
  { path, runs }: Pick<ExamineRequest, 'path' | 'runs'>,
  facts: OnnxFacts,
  answers: Answers,
  files: Content['files'],
): Promise<OnnxFacts> {
  const input = facts.outputs.some(hasDynamicDims) ? inputShapeOf(facts, answers) : undefined;
  if (!input) return facts;
  const options = { modelPath: path, threads: 1, device: 'cpu' } as const;
  const model = { name: path, input, ...(files && { files }) };
  const sizes = await runs.measureOutputs(model, options);
  return { ...facts, outputs: facts.outputs.map((output) => withMeasuredSizes(output, sizes)) };
}

/** @throws AppError `MODEL_INVALID` if a file has another SHA-256 than the expected one. */
export function expectSha256(path: string, found: string, expected: string | undefined): void {
  if (expected === undefined || found === expected.trim().toLowerCase()) return;
  throw new AppError(
    'MODEL_INVALID',
    `${path} is not the expected file: its SHA-256 is ${found}, not ${expected}. Copy or download it again, or correct --sha256.`,
  );
}
