import { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { addCommands, type CommandContext, type CommandEntry } from './command.js';

/** Defines commands for some arguments; returns the names of those whose module was imported. */
async function loadedBy(args: readonly string[] | undefined): Promise<string[]> {
  const loaded: string[] = [];
  const entry = (name: string, subcommands: readonly CommandEntry[] = []): CommandEntry => ({
    name,
    description: `the command ${name}`,
    load: () => {
      loaded.push(name);
      return Promise.resolve((command, context) => addCommands(command, subcommands, context));
    },
  });
  const context: CommandContext = {
    args,
    createApp: () => Promise.reject(new Error('not used')),
    createWhole: () => Promise.reject(new Error('not used')),
  };
  const table = [entry('jobs'), entry('models', [entry('add'), entry('list')])];
  const root = new Command('vidette');
  await addCommands(root, table, context);
  expect(root.commands.map((command) => command.name())).toEqual(['jobs', 'models']);
  return loaded;
}

describe('addCommands', () => {
  it.each([
    [['--help'], []],
    [[], []],
    [['unknown', 'jobs'], []],
    [['jobs'], ['jobs']],
    [['--json', 'jobs', 'models'], ['jobs']],
    [['--log-level', 'debug', 'jobs'], ['jobs']],
    [['help', 'jobs'], ['jobs']],
    [['models'], ['models']],
    [
      ['models', 'add', 'list'],
      ['models', 'add'],
    ],
    [undefined, ['jobs', 'models', 'add', 'list']],
  ])('imports for %j only %j', async (args, expected) => {
    expect(await loadedBy(args)).toEqual(expected);
  });

  it('shows names, arguments and descriptions without importing anything', async () => {
    const root = new Command('vidette');
    const load = () => Promise.reject(new Error('imported'));
    const context = { args: ['--help'] } as unknown as CommandContext; // nothing else is read
    const words: CommandEntry['arguments'] = [['<id>', 'event_id of the job']];
    await addCommands(
      root,
      [{ name: 'job', description: 'show a job', arguments: words, load }],
      context,
    );
    expect(root.helpInformation()).toMatch(/job <id> +show a job/);
  });
});
