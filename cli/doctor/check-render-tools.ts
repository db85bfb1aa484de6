import { execa } from 'execa';
import type { Check } from './check.js';

const TIMEOUT_MS = 10_000;

/** Paths or names of the programs to query. */
export interface RenderTools {
  readonly ffmpeg: string;
  readonly fcList: string;
}

/** Parts of ffmpeg that draw and encode, and the option that lists each. */
const PARTS = [
  { list: '-encoders', part: 'libx264', library: 'libx264' },
  { list: '-filters', part: 'ass', library: 'libass' },
] as const;

/** Scripts of class names, with one language for each. */
const SCRIPTS = [
  { script: 'Latin', language: 'en', package: 'fonts-dejavu-core' },
  { script: 'Cyrillic', language: 'ru', package: 'fonts-dejavu-core' },
  { script: 'Chinese', language: 'zh-cn', package: 'fonts-noto-cjk' },
  { script: 'Japanese', language: 'ja', package: 'fonts-noto-cjk' },
  { script: 'Korean', language: 'ko', package: 'fonts-noto-cjk' },
] as const;

/** Checks what renders need; everything else works without it. */
export async function checkRenderTools({ ffmpeg, fcList }: RenderTools): Promise<Check[]> {
  return Promise.all([checkFfmpeg(ffmpeg), checkFonts(fcList)]);
}

async function checkFfmpeg(ffmpeg: string): Promise<Check> {
  const name = 'rendering';
  const lacking: string[] = [];
  for (const { list, part, library } of PARTS) {
    const lines = await linesOf(ffmpeg, ['-hide_banner', list]);
    if (!lines)
      return { name, state: 'note', message: `${ffmpeg} does not list its encoders and filters.` };
    if (!lines.some((line) => line.trim().split(/\s+/)[1] === part)) lacking.push(library);
  }
  if (lacking.length === 0) return { name, state: 'ok', message: 'ffmpeg has libx264 and libass' };
  const advice =
    'Annotated videos and previews cannot be rendered. Install an ffmpeg that has both (Debian, Ubuntu: apt install ffmpeg), or set VIDETTE_FFMPEG to its path.';
  return {
    name,
    state: 'note',
    message: `${ffmpeg} has no ${lacking.join(' and no ')}. ${advice}`,
  };
}

/** Checks fonts for class names: characters without a font are drawn as empty boxes. */
async function checkFonts(fcList: string): Promise<Check> {
  const name = 'fonts';
  const found = await Promise.all(
    SCRIPTS.map(({ language }) => linesOf(fcList, [`:lang=${language}`, 'family'])),
  );
  if (found.includes(undefined)) {
    const message = `${fcList} cannot be run to list fonts (Debian, Ubuntu: apt install fontconfig)`;
    return { name, state: 'note', message };
  }
  const lacking = SCRIPTS.filter((_, i) => found[i]!.length === 0);
  if (lacking.length === 0) {
    const scripts = SCRIPTS.map(({ script }) => script).join(', ');
    return { name, state: 'ok', message: `for ${scripts}` };
  }
  const scripts = lacking.map(({ script }) => script).join(', ');
  const packages = [...new Set(lacking.map((each) => each.package))].join(' ');
  const message = `none for ${scripts}: labels in them are drawn as empty boxes. Debian, Ubuntu: apt install ${packages}`;
  return { name, state: 'note', message };
}

/** Returns the lines that a program prints; undefined if it cannot be run. */
async function linesOf(program: string, args: readonly string[]): Promise<string[] | undefined> {
  const { failed, stdout } = await execa(program, args, { reject: false, timeout: TIMEOUT_MS });
  return failed ? undefined : stdout.split('\n').filter((line) => line.trim() !== '');
}
