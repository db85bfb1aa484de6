import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ownEnvironment } from '../config/index.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Returns the path of a browser: `VIDETTE_CHROMIUM`, or a Chromium or Chrome on PATH. */
export function findChromium(): string | undefined {
  const { VIDETTE_CHROMIUM: configured, PATH = '' } = ownEnvironment();
  if (configured) return configured;
  const candidates = PATH.split(delimiter).flatMap((folder) =>
    NAMES.map((name) => join(folder, name)),
  );
  return candidates.find((path) => existsSync(path));
}
