import { readFile } from 'node:fs/promises';
import { AppError, messageOf } from '../../domain/errors.js';
import { addExamples, type DefineCommand, withServers } from '../command.js';

interface ZonesFlags {
  readonly csv?: boolean;
}

export const defineZones: DefineCommand = (command, { createApp }) => {
  addExamples(
    command,
    'zones cars-0f3a2b1c9d8e-5d1f0c7a9b3e zones.json',
    'zones cars-0f3a2b1c9d8e-5d1f0c7a9b3e zones.json --csv > events.csv',
  )
    .option('--csv', 'print each event as CSV, not the counts of each minute')
    .action(async (id: string, file: string, flags: ZonesFlags) => {
      const { formatZoneCounts, zoneEventsCsv } = await import('../zones-text.js');
      const app = await createApp();
      const zones = await readZonesFile(file);
      await withServers(app, async ({ client }) => {
        const report = await client.zones(id, zones);
        if (flags.csv) process.stdout.write(zoneEventsCsv(report.events));
        else app.out.result(report, formatZoneCounts(report));
      });
    });
};

/** Reads zones and lines from a JSON file. @throws AppError `INVALID_INPUT`. */
async function readZonesFile(file: string) {
  const { parseZones } = await import('../../domain/zone/report-zones.js');
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new AppError('INVALID_INPUT', `Cannot read the zones in ${file}: ${messageOf(error)}`);
  }
  return parseZones(content);
}
