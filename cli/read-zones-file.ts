import { readFile } from 'node:fs/promises';
import { AppError, messageOf } from '../domain/errors.js';
import { parseZones } from '../domain/zone/report-zones.js';

/** Reads zones and lines from a JSON file. @throws AppError `INVALID_INPUT`. */
export async function readZonesFile(file: string) {
  let content: unknown;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new AppError('INVALID_INPUT', `Cannot read the zones in ${file}: ${messageOf(error)}`);
  }
  return parseZones(content);
}
