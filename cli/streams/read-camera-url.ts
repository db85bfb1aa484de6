import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { CameraRequest } from '../../client/index.js';
import { AppError } from '../../domain/errors.js';
import { isSecret } from '../../domain/stream/camera-url.js';
import type { App } from '../app.js';

export interface UrlFlags {
  readonly username?: string;
}

/**
 * Reads the URL of a camera. Other users can see the arguments of a command, so secrets are read from
 * standard input, without an echo.
 */
export async function readCameraUrl(
  { signal }: Pick<App, 'signal'>,
  url: string | undefined,
  { username }: UrlFlags,
): Promise<Omit<CameraRequest, 'camera_id'>> {
  if (url === undefined) return { url: await readSecret('URL of the camera: ', signal) };
  if (isSecret(url)) {
    throw new AppError(
      'INVALID_INPUT',
      'The URL contains a user name, password or query, which other users of this machine could see. Omit the URL and enter it when you are asked, or pipe it to the command.',
    );
  }
  if (username === undefined) return { url };
  return { url, username, password: await readSecret(`Password of ${username}: `, signal) };
}

/** Reads a line from standard input; a terminal does not show it. */
async function readSecret(prompt: string, signal: AbortSignal): Promise<string> {
  const isTerminal = process.stdin.isTTY === true;
  if (isTerminal) process.stderr.write(prompt);
  const hidden = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: process.stdin, output: hidden, terminal: isTerminal });
  try {
    const text = (await lines.question('', { signal })).trim();
    if (text !== '') return text;
    throw new AppError('INVALID_INPUT', 'Standard input is empty. Give one line with the secret.');
  } finally {
    lines.close();
    if (isTerminal) process.stderr.write('\n');
  }
}
