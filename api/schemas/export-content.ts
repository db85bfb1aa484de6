import { z } from 'zod';
import { describeExport, type ExportFormat } from '../../domain/export/formats.js';
import { binary } from './common.js';

const JSON_TYPE = 'application/json';

const jsonExport = z
  .looseObject({})
  .meta({ id: 'JsonExport', description: 'Result as it is stored, or in the format of COCO.' });

/** Returns the response with an export in one of the formats, by their media types. */
export function exportContent(formats: readonly ExportFormat[]) {
  const types = new Set(formats.map((format) => describeExport(format, '').mediaType));
  return {
    description: 'The export',
    content: Object.fromEntries(
      [...types].map((type) => [
        type,
        { schema: type === JSON_TYPE ? jsonExport : binary('The file, as a stream') },
      ]),
    ),
  };
}
