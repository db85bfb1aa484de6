import { appendFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { EXIT } from '../../cli/exit-codes.js';
import { readConfig } from '../../config/index.js';
import { projectFile } from '../../platform/package-root.js';
import { toCameraKind } from '../cameras/bench-camera.js';
import { clipFolder, clipPath } from '../clips.js';
import { type OwnStack, withOwnStack } from '../own-stack.js';
import { print } from '../print.js';
import { type BenchScenario, deploy, LOOPBACK, waitUntilLive, withCameras } from './scenarios.js';
import { formatSample, formatSoak, growthOf } from './soak-report.js';
import { type SoakSample, takeSample } from './soak-sample.js';

const MINUTE_MS = 60_000;
const ACCOUNT_ATTEMPTS = 5;

function readOptions(args: string[]) {
  return parseArgs({
    args,
    options: {
      hours: { type: 'string', default: '2' },
      cameras: { type: 'string', default: '2' },
      kinds: { type: 'string', default: 'rtsp,mjpeg' },
      size: { type: 'string', default: '640x360' },
      every: { type: 'string', default: '10' },
      clip: { type: 'string' },
      json: { type: 'string' },
    },
  }).values;
}

type Options = ReturnType<typeof readOptions>;

/**
 * Watches cameras for hours, and prints memory, descriptors and stored objects at intervals. The
 * exit code is 1 if memory or descriptors grow, or if a second is not accounted for.
 */
export async function soakStreams(args: string[]): Promise<void> {
  const options = readOptions(args);
  const config = readConfig();
  const count = Number(options.cameras);
  const kinds = options.kinds.split(',').map(toCameraKind);
  const video = { clip: clipPath(options.clip, config), folder: clipFolder(config) };
  await withCameras(kinds, { ...video, size: options.size }, (cameras) =>
    withOwnStack(
      print,
      async (stack) => {
        const scenarios: BenchScenario[] = [];
        for (let i = 0; i < count; i++) {
          const kind = kinds[i % kinds.length]!;
          scenarios.push({ kind, uuid: await deploy(stack, cameras.get(kind)!.url) });
        }
        for (const { uuid } of scenarios) await waitUntilLive(stack, uuid);
        await soak(stack, scenarios, options);
      },
      { ...LOOPBACK, MAX_WORKERS: String(count) },
    ),
  );
}

async function soak(
  stack: OwnStack,
  scenarios: readonly BenchScenario[],
  { hours, every, json }: Options,
): Promise<void> {
  const start = performance.now();
  const samples: SoakSample[] = [];
  if (json) await writeFile(json, '');
  for (let minute = 0; minute <= 60 * Number(hours); minute += Number(every)) {
    await sleep(Math.max(0, start + minute * MINUTE_MS - performance.now()));
    const sample = await takeSample(stack, scenarios, minute);
    print(formatSample(sample));
    if (json) await appendFile(json, `${JSON.stringify(sample)}\n`);
    samples.push(sample);
  }
  // Caches fill during the first interval.
  const counted = samples.length > 2 ? samples.slice(1) : samples;
  print(`\n${formatSoak(counted)}\n`);
  const failures = growthOf(counted);
  for (const { uuid } of scenarios) failures.push(...(await checkAccount(stack, uuid)));
  for (const failure of failures) print(`FAILED: ${failure}`);
  if (failures.length > 0) process.exitCode = 1;
}

/** Runs `vidette streams account --check` from the beginning; returns its failure. */
async function checkAccount({ settings }: OwnStack, uuid: string): Promise<string[]> {
  const command = ['streams', 'account', uuid, '--from', '30d', '--check'];
  const env = settings as Record<string, string>;
  const options = { env, reject: false, all: true } as const;
  for (let attempt = 1; ; attempt++) {
    const vidette = [projectFile('scripts/vidette.mjs'), ...command];
    const { exitCode, all } = await execa(process.execPath, vidette, options);
    print(`$ vidette ${command.join(' ')}\n${all}`);
    if (exitCode === 0) return [];
    // On a busy machine a server may answer too late.
    if (exitCode === EXIT.NO_SERVER && attempt < ACCOUNT_ATTEMPTS) continue;
    return [`the account of ${uuid}: exit code ${exitCode}`];
  }
}
