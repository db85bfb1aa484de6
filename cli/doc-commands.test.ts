import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectFile } from '../platform/package-root.js';
import { type CommandInfo, describeCommand, flatten } from './completion/command-tree.js';
import { createProgram } from './program.js';

/** Commands of `vidette` in the examples of the documents, each with its arguments. */
function readExamples(): readonly (readonly [where: string, args: readonly string[]])[] {
  const folder = projectFile('docs');
  const names = readdirSync(folder).filter((name) => name.endsWith('.md'));
  return names.flatMap((name) => {
    const blocks = readFileSync(join(folder, name), 'utf8').matchAll(/^```console\n(.*?)^```/gms);
    const lines = [...blocks].flatMap(([, block]) => block!.replace(/\\\n\s*/g, ' ').split('\n'));
    return lines.flatMap((line) => {
      const command = /^\s*\$ (?:.*[|=] ?)?(?:npx )?vidette ([a-z][^#|>&;]*)/.exec(line)?.[1];
      return command === undefined ? [] : [[`${name}: ${line.trim()}`, toWords(command)] as const];
    });
  });
}

/** Words of a command line without the texts in quotes, which may contain anything. */
const toWords = (command: string) =>
  command
    .replace(/'[^']*'|"[^"]*"/g, 'QUOTED')
    .replace(/[)\]]/g, ' ')
    .trim()
    .split(/\s+/);

const { command } = await createProgram(new AbortController().signal);
const commands = flatten(describeCommand(command));

function findCommand(args: readonly string[]): CommandInfo | undefined {
  const isNamed = ({ path }: CommandInfo) =>
    path.length > 0 && path.every((name, index) => name === args[index]);
  return commands.filter(isNamed).sort((a, b) => b.path.length - a.path.length)[0];
}

it.each(readExamples())('%s', (_where, args) => {
  const found = findCommand(args);
  expect(found).toBeDefined();
  const known = found?.options.flatMap(({ flags }) => flags);
  const given = args.filter((arg) => /^--?[a-z]/i.test(arg)).map((arg) => arg.split('=')[0]!);
  expect(known).toEqual(expect.arrayContaining(given));
});
