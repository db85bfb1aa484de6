import { join } from 'node:path';
import { expect } from 'vitest';
import type { StackStatus } from '../../../stack/index.js';
import { SERVICE_NAMES } from '../../../stack/supervisor/stack-plan.js';
import { makeClip } from '../../support/clips.js';
import { type CommandLine, createCommandLine, type Ended } from '../../support/command-line.js';

const CLIP = {
  ...{ name: 'command line', extension: 'mp4', frames: 50 },
  options: ['-c:v', 'libx264', '-preset', 'veryfast', '-g', '25'],
};

/** Number of frames that a job on the clip samples. */
export const SAMPLED = 10;

/** What `detect --json` prints. */
export interface Detected {
  readonly event_id: string;
  readonly video_id: string;
  readonly result: { readonly path: string | null };
}

/** Command line on one stack, on which each test continues where the one before ended. */
export interface CliCase {
  readonly vidette: CommandLine;
  /** Job of the first detection; the tests after it need it. */
  detected: Detected;
  statusOf(): Promise<StackStatus>;
  detect(...args: string[]): Promise<Detected>;
}

/** Creates the command line, without a stack, and the clip of its jobs. */
export async function createCliCase(modelsDir: string): Promise<CliCase> {
  const vidette = await createCommandLine(modelsDir);
  await makeClip(CLIP, join(vidette.folder, 'My clip.mp4'));
  return {
    vidette,
    detected: { event_id: '', video_id: '', result: { path: null } },
    statusOf: async () => (await vidette.json('status')) as StackStatus,
    detect: async (...args) => (await vidette.json('detect', 'My clip.mp4', ...args)) as Detected,
  };
}

/** Expects that all services run. */
export function expectAllRunning(status: StackStatus): void {
  expect(Object.keys(status)).toEqual([...SERVICE_NAMES]);
  for (const service of Object.values(status)) {
    expect(service).toMatchObject({
      pid: expect.any(Number) as number,
      address: expect.stringMatching(/^127\.0\.0\.1:\d+$/) as string,
      state: 'running',
    });
  }
}

/** Expects one line of error text without a stack trace. */
export function expectOneError({ stderr }: Ended): void {
  expect(stderr.match(/^error: .+/gm)).toHaveLength(1);
  expect(stderr).not.toMatch(/^\s+at |node:internal|\.js:\d+/m);
}
