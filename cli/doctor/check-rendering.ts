import { execa } from 'execa';
import type { Check } from './check-all.js';

const TIMEOUT_MS = 10_000;

/** Programs that are asked, by path or name. */
export interface RenderingTools {
  readonly ffmpeg: string;
  readonly fcList: string;
}

/** Parts of ffmpeg that draw and encode, by the option that lists them. */
const PARTS = [
  { list: '-encoders', part: 'libx264', library: 'libx264' },
  { list: '-filters', part: 'ass', library: 'libass' },
] as const;

/** Scripts that names of classes may have, by a language of each. */
const SCRIPTS = [
  { script: 'Latin', language: 'en', package: 'fonts-dejavu-core' },
  { script: 'Cyrillic', language: 'ru', package: 'fonts-dejavu-core' },
  { script: 'Chinese', language: 'zh-cn', package: 'fonts-noto-cjk' },
  { script: 'Japanese', language: 'ja', package: 'fonts-noto-cjk' },
  { script: 'Korean', language: 'ko', package: 'fonts-noto-cjk' },
] as const;

/** What annotated videos and previews need, without which all else works. */
export async function checkRendering({ ffmpeg, fcList }: RenderingTools): Promise<Check[]> {
  return Promise.all([checkFfmpeg(ffmpeg), checkFonts(fcList)]);
}

async function checkFfmpeg(ffmpeg: string): Promise<Check> {
  const name = 'rendering';
  const lacking: string[] = [];
  for (const { list, part, library } of PARTS) {
    const told = await linesOf(ffmpeg, ['-hide_banner', list]);
    if (!told) return { name, state: 'note', message: `${ffmpeg} does not tell what it can.` };
    if (!told.some((line) => line.trim().split(/\s+/)[1] === part)) lacking.push(library);
  }
  if (lacking.length === 0) return { name, state: 'ok', message: 'ffmpeg has libx264 and libass' };
  const advice =
    'Without it no annotated videos and previews are made. Install one that has both (Debian, Ubuntu: apt install ffmpeg), or give its path as VIDETTE_FFMPEG.';
  return {
    name,
    state: 'note',
    message: `${ffmpeg} has no ${lacking.join(' and no ')}. ${advice}`,
  };
}

/** Fonts for the names of classes: one of a script that none has shows as empty boxes. */
async function checkFonts(fcList: string): Promise<Check> {
  const name = 'fonts';
  const found = await Promise.all(
    SCRIPTS.map(({ language }) => linesOf(fcList, [`:lang=${language}`, 'family'])),
  );
  if (found.includes(undefined)) {
    const message = `${fcList} cannot be asked which fonts there are (Debian, Ubuntu: apt install fontconfig)`;
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

/** Lines that a program prints; undefined where it cannot be run. */
async function linesOf(program: string, args: readonly string[]): Promise<string[] | undefined> {
  const { failed, stdout } = await execa(program, args, { reject: false, timeout: TIMEOUT_MS });
  return failed ? undefined : stdout.split('\n').filter((line) => line.trim() !== '');
}
