import { loadavg } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Config, readConfig } from '../../config/index.js';
import { AppError } from '../../domain/errors.js';
import { chooseModel } from '../choose-model.js';
import { print } from '../print.js';
import { formatSteps, kneeOf, type LoadStep, STEP_TABLE_HEAD, stepOf } from './load-step.js';
import { prepareLocust, runLocust } from './locust.js';
import { withRole } from './role-process.js';

const WARM_UP_S = 3;

/**
 * Measures the role `images` under the load of Locust's users, each of whom sends one image after
 * another: throughput and response times by the number of users, for each number of lanes. Sets the
 * exit code 1 if a request has failed.
 */
export async function benchLoad(args: string[]): Promise<void> {
  const options = {
    lanes: { type: 'string', default: '1,2' },
    users: { type: 'string', default: '1,2,4,8,16' },
    seconds: { type: 'string', default: '20' },
    model: { type: 'string' },
    images: { type: 'string' },
  } as const;
  const { values } = parseArgs({ args, options });
  const config = readConfig();
  const load = {
    program: await prepareLocust(config.cacheDir),
    images: values.images ?? testImages(config),
    users: numbersOf(values.users),
    seconds: Number(values.seconds),
  };
  const { path: modelPath, manifest } = await chooseModel(values, config);
  print(`${manifest.name}, ${config.cores.count} cores, ${load.seconds} s for each step\n`);
  const table = [...STEP_TABLE_HEAD];
  const knees: string[] = [];
  for (const lanes of numbersOf(values.lanes)) {
    await withRole({ modelPath, name: manifest.name, lanes }, async (url) => {
      const steps = await measure(url, load);
      table.push(...formatSteps(lanes, steps));
      knees.push(describeKnee(lanes, steps));
      if (steps.some(({ failures }) => failures > 0)) process.exitCode = 1;
    });
  }
  print(['', ...table, '', ...knees].join('\n'));
}

interface Load {
  readonly program: string;
  readonly images: string;
  readonly users: readonly number[];
  readonly seconds: number;
}

async function measure(host: string, load: Load): Promise<LoadStep[]> {
  const { program, images, seconds } = load;
  const run = (users: number, seconds: number) =>
    runLocust(program, { host, users, seconds, images, pauseS: 0 });
  await run(1, WARM_UP_S);
  const steps: LoadStep[] = [];
  for (const users of load.users) {
    const before = loadavg()[0]!; // of 1 minute
    const step = stepOf(await run(users, seconds), users);
    steps.push(step);
    print(`${users} users: ${step.perSecond.toFixed(1)} requests/s, load ${before.toFixed(1)}`);
  }
  return steps;
}

function describeKnee(lanes: number, steps: readonly LoadStep[]): string {
  const knee = kneeOf(steps);
  if (!knee || knee === steps.at(-1))
    return `${lanes} lane(s): throughput still grows at ${knee?.users ?? 0} users; add steps by --users.`;
  return `${lanes} lane(s): more than ${knee.users} users only wait longer (${knee.perSecond.toFixed(1)} requests/s, p95 ${knee.p95Ms.toFixed(0)} ms).`;
}

const numbersOf = (list: string) => list.split(',').map(Number);

function testImages({ testDataDir }: Config): string {
  if (testDataDir !== undefined) return join(testDataDir, 'images');
  throw new AppError(
    'INVALID_INPUT',
    'Missing images: set --images FOLDER, or VIDETTE_TEST_DATA to a folder that contains images/.',
  );
}
