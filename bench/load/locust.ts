import { join } from 'node:path';
import { execa } from 'execa';
import { AppError } from '../../domain/errors.js';
import { projectFile } from '../../platform/package-root.js';
import { preparePython } from '../python-environment.js';
import type { LocustRow } from './load-step.js';

const FOLDER = projectFile('bench/load');
const LOCUSTFILE = join(FOLDER, 'locustfile.py');
/** Exit code that Locust would have for failed requests, which {@link runLocust} returns instead. */
const NO_EXIT_CODE = '0';

/** A run of Locust without its web page. */
export interface LocustRun {
  readonly host: string;
  readonly users: number;
  readonly seconds: number;
  /** Folder of the images. */
  readonly images: string;
  /** Seconds between two requests of a user. */
  readonly pauseS: number;
  /** Default: that of the server. */
  readonly model?: string | undefined;
}

/** Installs Locust in the cache folder unless it is there; returns its program. */
export async function prepareLocust(cacheDir: string): Promise<string> {
  return join(await preparePython(cacheDir, 'locust', join(FOLDER, 'requirements.txt')), 'locust');
}

/**
 * Runs the users for some time and returns the row of each kind of request.
 * @throws AppError `SETUP_FAILED` if Locust itself fails.
 */
export async function runLocust(program: string, run: LocustRun): Promise<readonly LocustRow[]> {
  const { host, users, seconds, images, pauseS, model } = run;
  const options = ['-u', String(users), '-r', String(users), '-t', `${seconds}s`, '--host', host];
  const settings = ['--headless', '--json', '--only-summary', '--exit-code-on-error', NO_EXIT_CODE];
  const { exitCode, stdout, stderr } = await execa(
    program,
    ['-f', LOCUSTFILE, ...options, ...settings],
    {
      env: {
        VIDETTE_LOAD_IMAGES: images,
        VIDETTE_LOAD_PAUSE_S: String(pauseS),
        ...(model !== undefined && { VIDETTE_LOAD_MODEL: model }),
      },
      reject: false,
    },
  );
  if (exitCode === 0) return JSON.parse(stdout) as LocustRow[]; // its option --json
  throw new AppError('SETUP_FAILED', `locust exited with ${exitCode}:\n${stderr}`);
}
