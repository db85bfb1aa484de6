import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { readConfig } from '../config/index.js';
import { AppError } from '../domain/errors.js';
import { rewriteForCpu } from '../models/onnx/rewrite/index.js';
import { InferenceSession } from '../models/session/onnx-runtime.js';
import { Tensor } from '../models/session/tensor.js';
import { chooseModel } from './choose-model.js';
import { print } from './print.js';
import { median, row } from './report.js';

const WARM_UP = 3;

interface Measured {
  /** CPU time of one inference in milliseconds, median. */
  readonly ms: readonly [file: number, rewritten: number];
  /** Largest difference between two numbers of the first output. */
  readonly difference: number;
}

/**
 * Prints the CPU time of an inference of model files as they are and as they are loaded for a CPU, in
 * turns on one thread, and how far their first outputs differ on noise.
 */
export async function benchRewritten(args: string[]): Promise<void> {
  const options = {
    files: { type: 'string' },
    model: { type: 'string' },
    rounds: { type: 'string', default: '15' },
  } as const;
  const { files, model, rounds } = parseArgs({ args, options }).values;
  const paths = files?.split(',') ?? [(await chooseModel({ model }, readConfig())).path];
  print(row('CPU ms per inference', 'file', 'rewritten', 'ratio', 'difference'));
  for (const path of paths) {
    const { ms, difference } = await measure(path, Number(rounds));
    const [file, rewritten] = ms;
    const cells = [file.toFixed(1), rewritten.toFixed(1), (rewritten / file).toFixed(2)];
    print(row(basename(path), ...cells, difference.toPrecision(2)));
  }
}

async function measure(path: string, rounds: number): Promise<Measured> {
  const file = await readFile(path);
  const rewritten = rewriteForCpu(file);
  if (!rewritten) throw new AppError('INVALID_INPUT', `Nothing in ${path} is rewritten.`);
  const threads = { intraOpNumThreads: 1, interOpNumThreads: 1 };
  const sessions = [
    await InferenceSession.create(file, threads),
    await InferenceSession.create(rewritten, threads),
  ] as const;
  const image = noiseFor(sessions[0]);
  const times: [number[], number[]] = [[], []];
  let outputs: Float32Array[] = [];
  for (let round = -WARM_UP; round < rounds; round++) {
    outputs = [];
    for (const [i, session] of sessions.entries()) {
      const before = process.cpuUsage();
      const results = await session.run(image);
      const { user, system } = process.cpuUsage(before);
      if (round >= 0) times[i]!.push((user + system) / 1000);
      outputs.push(results[session.outputNames[0]!]!.data as Float32Array);
    }
  }
  await Promise.all(sessions.map((session) => session.release()));
  const [first, second] = outputs;
  const difference = first!.reduce(
    (most, value, i) => Math.max(most, Math.abs(value - second![i]!)),
    0,
  );
  return { ms: [median(times[0]), median(times[1])], difference };
}

/** An image of noise, 0 to 1. */
function noiseFor(session: InferenceSession): Readonly<Record<string, Tensor>> {
  const [input] = session.inputMetadata;
  if (!input?.isTensor || !input.shape.every((dim) => typeof dim === 'number')) {
    throw new AppError('INVALID_INPUT', 'The model has an input of dynamic size.');
  }
  const size = input.shape.reduce((product, dim) => product * dim, 1);
  const values = Float32Array.from({ length: size }, (_, i) => ((i * 7919) % 256) / 255);
  return { [input.name]: new Tensor('float32', values, input.shape) };
}
