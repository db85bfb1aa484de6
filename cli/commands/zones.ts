import { addExamples, type DefineCommand, withServers } from '../command.js';

interface ZonesFlags {
  readonly name: string;
  readonly csv?: boolean;
  readonly minutesCsv?: boolean;
}

export const defineZones: DefineCommand = async (command, { createApp }) => {
  const { DEFAULT_ZONES } = await import('../../domain/zone/zone-set.js');
  addExamples(
    command,
    'zones cars-0f3a2b1c9d8e-5d1f0c7a9b3e zones.json',
    'zones cars-0f3a2b1c9d8e-5d1f0c7a9b3e --name gate',
    'zones cars-0f3a2b1c9d8e-5d1f0c7a9b3e zones.json --csv > events.csv',
  )
    .option('--name <name>', 'name of the stored zones, without a file', DEFAULT_ZONES)
    .option('--csv', 'print each event as CSV, not the counts of each minute')
    .option('--minutes-csv', 'print the counts of each minute as CSV')
    .action(async (id: string, file: string | undefined, flags: ZonesFlags) => {
      const { formatZoneCounts } = await import('../zones-text.js');
      const { zoneEventsCsv, zoneMinutesCsv } = await import('../../domain/export/zone-csv.js');
      const { readZonesFile } = await import('../read-zones-file.js');
      const app = await createApp();
      const zones = file === undefined ? flags.name : await readZonesFile(file);
      await withServers(app, async ({ client }) => {
        const report = await client.zones(id, zones);
        if (flags.csv) process.stdout.write(zoneEventsCsv(report));
        else if (flags.minutesCsv) process.stdout.write(zoneMinutesCsv(report));
        else app.out.result(report, formatZoneCounts(report));
      });
    });
};
