import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { createProgram } from '../program.js';
import { type CommandInfo, describeCommand, flatten } from './command-tree.js';
import { completionScript, SHELLS } from './scripts.js';

let root: CommandInfo;
beforeAll(async () => {
  const { command } = await createProgram(new AbortController().signal);
  root = describeCommand(command);
});

/** Returns what bash offers for the last of the given words. */
async function offersOf(...words: string[]): Promise<string[]> {
  const quoted = words.map((word) => `'${word}'`).join(' ');
  const use = `COMP_WORDS=(vidette ${quoted}); COMP_CWORD=${words.length}; _vidette`;
  const script = `${completionScript('bash', root)}${use}; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await execa('bash', ['--norc', '-c', script]);
  return stdout.split('\n').filter((line) => line !== '');
}

describe('completion', () => {
  it.each([
    ['st', 'start status streams'],
    ['models re', 'remove'],
    ['--json models list --lo', '--log-level'],
    ['detect a.mp4 --con', '--conf --contrast'],
    ['jobs --status pre', 'predictable'],
    ['logs ap', 'api'],
    ['completion ', 'bash zsh fish'],
    [
      'models ',
      'add ensemble pull list show test remove alias promote rollback history lineage bench',
    ],
    ['detect ', ''], // bash then offers files
    ['detect stre', ''],
  ])('completes "vidette %s" in bash: %s', async (line, expected) => {
    expect((await offersOf(...line.split(' '))).join(' ')).toBe(expected);
  });

  it.each(SHELLS)('names every command and option in %s', (shell) => {
    const script = completionScript(shell, root);
    for (const { path, options } of flatten(root)) {
      if (path.length > 0) expect(script).toContain(path.at(-1));
      const names = options.map(({ flags }) => flags[0]?.replace(/^--/, ''));
      for (const name of names) expect(script).toContain(name);
    }
  });

  it('offers the options of the whole command line after each command', () => {
    const jobs = flatten(root).find(({ path }) => path.join(' ') === 'jobs');
    const flags = jobs?.options.flatMap((option) => option.flags);
    expect(flags).toEqual(expect.arrayContaining(['--since', '--json', '--help']));
    expect(flags).not.toContain('--version');
  });
});
