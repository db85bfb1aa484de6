import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkRenderTools } from './check-render-tools.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vidette-test-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** A program that answers by its arguments, which it has as one text. */
async function program(name: string, cases: Readonly<Record<string, string>>): Promise<string> {
  const path = join(folder, name);
  const branches = Object.entries(cases).map(([match, text]) => `*"${match}"*) echo "${text}";;`);
  await writeFile(path, `#!/bin/sh\ncase "$*" in\n${branches.join('\n')}\nesac\n`, { mode: 0o755 });
  return path;
}

const X264 = ' V....D libx264    libx264 H.264 (codec h264)';
const ASS = ' ... ass     V->V   Render ASS subtitles onto input video using the libass library.';

async function check(encoders: string, filters: string, languages: readonly string[]) {
  const ffmpeg = await program('ffmpeg', { '-encoders': encoders, '-filters': filters });
  const fonts = Object.fromEntries(languages.map((language) => [`lang=${language} `, 'A Font']));
  return checkRenderTools({ ffmpeg, fcList: await program('fc-list', { ...fonts, none: '' }) });
}

const ALL = ['en', 'ru', 'zh-cn', 'ja', 'ko'];

describe('checkRenderTools', () => {
  it('passes if everything is installed', async () => {
    expect(await check(X264, ASS, ALL)).toEqual([
      { name: 'rendering', state: 'ok', message: 'ffmpeg has libx264 and libass' },
      { name: 'fonts', state: 'ok', message: 'for Latin, Cyrillic, Chinese, Japanese, Korean' },
    ]);
  });

  it.each<[string, string, string, RegExp]>([
    ['the encoder', ' V....D libx264rgb  a relative', ASS, /has no libx264\. .*apt install ffmpeg/],
    ['the filter', X264, ' ... bass    A->A   Boost.', /has no libass\. /],
    ['both', '', '', /has no libx264 and no libass\. /],
  ])('reports what is missing and what to install: %s', async (_, encoders, filters, message) => {
    const [render] = await check(encoders, filters, ALL);
    expect(render).toMatchObject({ state: 'note' });
    expect(render!.message).toMatch(message);
  });

  it('names the scripts that no font has, and their packages', async () => {
    const [, fonts] = await check(X264, ASS, ['en', 'ru']);
    expect(fonts).toMatchObject({ state: 'note' });
    expect(fonts!.message).toMatch(/^none for Chinese, Japanese, Korean: .* fonts-noto-cjk$/);
  });

  it('reports which program cannot be run', async () => {
    const [ffmpeg, fcList] = ['no-ffmpeg', 'no-fc-list'].map((name) => join(folder, name));
    const checks = await checkRenderTools({ ffmpeg: ffmpeg!, fcList: fcList! });
    expect(checks.map(({ state }) => state)).toEqual(['note', 'note']);
    expect(checks[0]!.message).toContain(ffmpeg);
    expect(checks[1]!.message).toContain('apt install fontconfig');
  });
});
