import { AppError, hasCode } from '../../domain/errors.js';
import { manifestFor } from '../../models/catalogue.js';
import { isOpen, measured, measureOutputs } from '../../models/session/measure-outputs.js';
import { type OnnxFacts, readOnnxFile } from '../../models/onnx/onnx-file.js';
import {
  type Answers,
  type Conclusion,
  inputShapeOf,
  type NetworkDraft,
  type Question,
  type Recognised,
  recognise,
} from '../../models/recognise/index.js';
import { describeTensors } from '../../models/recognise/describe.js';
import { type Content, contentOf } from './content.js';

/** What was found out of a model file. */
export interface Examined {
  readonly content: Content;
  readonly concluded: readonly Conclusion[];
  readonly network: NetworkDraft;
  /** What the file, or the list of known files, says of its licence and its source. */
  readonly licence?: string;
  readonly source?: string;
}

export interface ExamineRequest {
  readonly path: string;
  readonly answers: Answers;
  /** The SHA-256 that the file is to have, lower-case hex. */
  readonly sha256?: string;
  /** Answers what the file does not tell, or throws; it is asked until nothing is open. */
  readonly answer: (questions: readonly Question[]) => Promise<Answers>;
  /** Told what was concluded before a person is asked. */
  readonly onConcluded?: (concluded: readonly Conclusion[]) => void;
}

/**
 * Reads a model file and concludes how its network is fed and read.
 * @throws AppError `MODEL_INVALID` for a file that cannot be run, or of another SHA-256.
 */
export async function examine(request: ExamineRequest): Promise<Examined> {
  const { path, answers } = request;
  // First, as it says best what a file is that is none.
  const facts = await readOnnxFile(path);
  const content = await contentOf(path, facts);
  expectSha256(path, content.sha256, request.sha256);
  const known = manifestFor(content.sha256);
  if (known && Object.keys(answers).length === 0) {
    const { task, input, output, labels, licence, source, name } = known;
    const because = 'its SHA-256 is that of a file which Vidette knows';
    const concluded = [{ what: 'network', value: name, because }, ...inShort(known)];
    return { content, concluded, network: { task, input, output, labels }, licence, source };
  }
  return { content, ...(await conclude(request, facts, content)) };
}

function inShort({ input, output, labels }: NetworkDraft): Conclusion[] {
  const because = 'known of it';
  const size = `${input.width}x${input.height} ${input.channels}`;
  return [
    { what: 'family', value: output.family, because },
    { what: 'input', value: size, because },
    { what: 'labels', value: `${labels.length}: ${labels.slice(0, 3).join(', ')}, ...`, because },
  ];
}

async function conclude(
  { path, answers, answer, onConcluded }: ExamineRequest,
  declared: OnnxFacts,
  { files }: Content,
): Promise<Pick<Examined, 'concluded' | 'network' | 'licence'>> {
  for (let known = answers, tried = declared; ;) {
    tried = await withSizes(path, tried, known, files);
    const { network, questions, licence, concluded } = readEither(tried, declared, known);
    if (network) return { network, concluded, ...(licence !== undefined && { licence }) };
    onConcluded?.(concluded);
    known = { ...known, ...(await answer(questions)) };
  }
}

/** A network with grids of its own is known only where its file leaves their sizes open. */
function readEither(tried: OnnxFacts, declared: OnnxFacts, answers: Answers): Recognised {
  if (tried === declared) return recognise(declared, answers);
  try {
    const found = recognise(tried, answers);
    const because = 'the file leaves sizes open, so it was run to see them';
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

/** What a file tells, with the sizes of its outputs where it leaves them open: they are tried out. */
async function withSizes(
  path: string,
  facts: OnnxFacts,
  answers: Answers,
  files: Content['files'],
): Promise<OnnxFacts> {
  const input = facts.outputs.some(isOpen) ? inputShapeOf(facts, answers) : undefined;
  if (!input) return facts;
  const options = { modelPath: path, threads: 1, device: 'cpu' } as const;
  const network = { name: path, input, ...(files && { files }) };
  const sizes = await measureOutputs(network, options);
  return { ...facts, outputs: facts.outputs.map((output) => measured(output, sizes)) };
}

function expectSha256(path: string, found: string, expected: string | undefined): void {
  if (expected === undefined || found === expected.trim().toLowerCase()) return;
  throw new AppError(
    'MODEL_INVALID',
    `${path} is another file than the one that was asked for: its SHA-256 is ${found}, not ${expected}. Copy or download it again, or take the right --sha256.`,
  );
}
