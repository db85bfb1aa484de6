import type { Command } from 'commander';
import { type CreateApp, newCommand } from '../command.js';
import { settingsInUse } from '../connect.js';
import { initialise } from '../initialise.js';

export function initCommand(createApp: CreateApp): Command {
  return newCommand(
    'init',
    'prepare a cluster: namespace, search attributes, buckets, indexes and model',
    ['init'],
  ).action(async () => {
    const { config, out } = createApp();
    const steps: string[] = [];
    await initialise(await settingsInUse(config), (message) => {
      steps.push(message);
      out.step(message);
    });
    out.result({ steps }, 'Ready.');
  });
}
