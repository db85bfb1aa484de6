import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { endingOf, type MediaTool, runFfmpeg } from './command.js';
import { runFfprobe } from './ffprobe.js';

describe('endingOf', () => {
  it.each<[code: number | undefined, signal: string | undefined, ending: string]>([
    [1, undefined, 'failed'],
    [69, undefined, 'failed'],
    [123, undefined, 'failed'],
    [124, undefined, 'stopped'],
    [137, undefined, 'stopped'],
    [143, undefined, 'stopped'],
    [159, undefined, 'stopped'],
    [255, undefined, 'stopped'],
    [183, undefined, 'failed'],
    [234, undefined, 'failed'],
    [undefined, 'SIGKILL', 'stopped'],
    [undefined, undefined, 'stopped'],
    [139, undefined, 'crashed'],
    [134, undefined, 'crashed'],
    [undefined, 'SIGSEGV', 'crashed'],
  ])('classifies exit code %s and signal %s as %s', (code, signal, ending) => {
    expect(endingOf(code, signal)).toBe(ending);
  });
});

describe('a tool that the system cannot start', () => {
  const { signal } = new AbortController();
  /** Longer than the arguments of a process may be. */
  const TOO_LONG = 'x'.repeat(4 * 1024 ** 2);

  it.each<[string, launcher: string, argument: string, RegExp]>([
    ['is missing', '/nonexistent/ffmpeg', '', /cannot be started.*ENOENT/],
    ['is not executable', tmpdir(), '', /cannot be started.*EACCES/],
    ['has too many arguments', '/bin/true', TOO_LONG, /cannot be started.*E2BIG/],
  ])('rejects and can be retried when it %s', async (_, launcher, argument, message) => {
    const tool: MediaTool = { launcher, stallS: 60 };
    const error = { code: 'DECODE_FAILED', message: expect.stringMatching(message) as string };
    const paths = { folder: tmpdir(), input: argument, output: '-' };
    const options = { inputOptions: [], outputOptions: [] };
    await expect(runFfmpeg({ ffmpeg: tool, ...paths, ...options, signal })).rejects.toMatchObject(
      error,
    );
    const { lines } = runFfprobe(tool, [argument], signal);
    await expect(lines.next()).rejects.toMatchObject(error);
  });
});
