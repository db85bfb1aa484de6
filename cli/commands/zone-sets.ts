import type { Command } from 'commander';
import {
  addExamples,
  type CreateApp,
  type DefineCommand,
  newCommand,
  withServers,
} from '../command.js';
import { formatZoneSets } from '../zones-text.js';

interface BucketFlags {
  readonly bucket?: string;
}

const VIDEO = ['<video>', 'video_id'] as const;
const NAME = ['<name>', 'name of the zones'] as const;

export const defineZoneSets: DefineCommand = (sets, { createApp }) => {
  addExamples(
    sets,
    'zone-sets put cars-0f3a2b1c9d8e gate zones.json',
    'zone-sets ls cars-0f3a2b1c9d8e',
    'zones cars-0f3a2b1c9d8e-5d1f0c7a9b3e --name gate',
  );
  sets.addCommand(listCommand(createApp));
  sets.addCommand(getCommand(createApp));
  sets.addCommand(putCommand(createApp));
  sets.addCommand(removeCommand(createApp));
};

const withBucket = (command: Command) =>
  command.option('--bucket <bucket>', 'bucket that holds the video (default: videos)');

function listCommand(createApp: CreateApp): Command {
  const examples = ['zone-sets ls cars-0f3a2b1c9d8e'];
  return withBucket(newCommand('ls', 'list the named zones of a video', examples))
    .argument(...VIDEO)
    .action(async (video: string, flags: BucketFlags) => {
      const app = await createApp();
      const found = await withServers(app, ({ client }) => client.zoneSets.list(video, flags));
      app.out.result(found, formatZoneSets(found));
    });
}

function getCommand(createApp: CreateApp): Command {
  const examples = ['zone-sets get cars-0f3a2b1c9d8e gate > zones.json'];
  return withBucket(newCommand('get', 'print zones as JSON, in the form of their file', examples))
    .argument(...VIDEO)
    .argument(...NAME)
    .action(async (video: string, name: string, flags: BucketFlags) => {
      const app = await createApp();
      const { zones } = await withServers(app, ({ client }) =>
        client.zoneSets.get(video, name, flags),
      );
      app.out.result(zones, JSON.stringify(zones, null, 2));
    });
}

function putCommand(createApp: CreateApp): Command {
  const examples = ['zone-sets put cars-0f3a2b1c9d8e gate zones.json'];
  return withBucket(newCommand('put', 'store zones, in place of those of the name', examples))
    .argument(...VIDEO)
    .argument(...NAME)
    .argument('<file>', 'JSON file of zones and lines')
    .action(async (video: string, name: string, file: string, flags: BucketFlags) => {
      const { readZonesFile } = await import('../read-zones-file.js');
      const app = await createApp();
      const zones = await readZonesFile(file);
      const set = await withServers(app, ({ client }) =>
        client.zoneSets.put(video, name, zones, flags),
      );
      app.out.result(set, formatZoneSets([set]));
    });
}

function removeCommand(createApp: CreateApp): Command {
  const examples = ['zone-sets rm cars-0f3a2b1c9d8e gate'];
  return withBucket(newCommand('rm', 'delete zones, if the video has any of the name', examples))
    .argument(...VIDEO)
    .argument(...NAME)
    .action(async (video: string, name: string, flags: BucketFlags) => {
      const app = await createApp();
      await withServers(app, ({ client }) => client.zoneSets.remove(video, name, flags));
      app.out.result({ removed: name }, `Video ${video} has no zones named ${name} any more.`);
    });
}
