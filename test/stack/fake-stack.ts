import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readConfig } from '../../config/index.js';
import { downStack, type EntryPoints, type UpOptions } from '../../stack/index.js';

/** Records its environment and reports that it is ready, or the reason in a file why it is not. */
const WORKER = `
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { basename, join } from 'node:path';
const note = join(process.env.VIDETTE_DATA_DIR, basename(process.argv[1]) + '.env.json');
writeFileSync(note, JSON.stringify(process.env));
const answer = (_, response) => {
  const path = join(process.env.VIDETTE_DATA_DIR, basename(process.argv[1]) + '.reason');
  if (!existsSync(path)) return response.end('{"ready":true}');
  response.statusCode = 503;
  response.end(JSON.stringify({ ready: false, reason: readFileSync(path, 'utf8') }));
};
const { VIDETTE_API_PORT, VIDETTE_HEALTH_PORT } = process.env;
createServer(answer).listen(VIDETTE_API_PORT ?? VIDETTE_HEALTH_PORT, '127.0.0.1');
process.on('SIGTERM', () => process.exit(0));
`;

const INIT = `
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
writeFileSync(join(process.env.VIDETTE_DATA_DIR, 'init.json'), JSON.stringify(process.env));
`;

/** A data folder with real servers, and small scripts instead of the workers. */
export interface FakeStack {
  readonly folder: string;
  readonly options: UpOptions;
  readonly steps: string[];
  readonly entryPoints: EntryPoints;
  script(name: string, text: string): Promise<string>;
  remove(): Promise<void>;
}

export async function createFakeStack(): Promise<FakeStack> {
  const folder = await mkdtemp(join(tmpdir(), 'vidette-stack-'));
  const dataDir = join(folder, 'data');
  const config = { ...readConfig(), dataDir, scratchDir: join(dataDir, 'scratch') };
  const steps: string[] = [];
  const script = async (name: string, text: string) => {
    await writeFile(join(folder, name), text);
    return join(folder, name);
  };
  const entryPoints = {
    init: await script('init.mjs', INIT),
    workers: {
      video_worker: await script('video.mjs', WORKER),
      detect_worker: await script('detect.mjs', WORKER),
      stream_worker: await script('stream.mjs', WORKER),
      api: await script('api.mjs', WORKER),
    },
  };
  const onStep = (message: string) => steps.push(message);
  return {
    folder,
    options: { config, onStep, entryPoints, preferWellKnownPorts: false },
    steps,
    entryPoints,
    script,
    remove: async () => {
      await downStack({ config });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Polls for up to 20 s and returns the first value that is not undefined. */
export async function eventually<T>(
  probe: () => Promise<T | undefined> | T | undefined,
): Promise<T> {
  for (const deadline = Date.now() + 20_000; Date.now() < deadline; await sleep(100)) {
    const value = await probe();
    if (value !== undefined) return value;
  }
  throw new Error('It did not happen within 20 s.');
}
