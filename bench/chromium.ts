import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ownEnvironment } from '../config/index.js';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** `VIDETTE_CHROMIUM`, or a Chromium or Chrome on PATH. */
export function findChromium(): string | undefined {
  const { VIDETTE_CHROMIUM: given, PATH = '' } = ownEnvironment();
  if (given) return given;
  const places = PATH.split(delimiter).flatMap((folder) => NAMES.map((name) => join(folder, name)));
  return places.find((path) => existsSync(path));
}
