import { z } from 'zod';
import { zonesSchema } from './zone.js';

/** Zones and lines of a video under a name, as they are stored. They apply to all of its jobs. */
export const zoneSetSchema = z.object({
  name: z.string(),
  zones: zonesSchema.readonly(),
  /** ISO 8601. */
  updated_at: z.string(),
});

export type ZoneSet = z.infer<typeof zoneSetSchema>;

/** Name of the zones of a video if a request names none. */
export const DEFAULT_ZONES = 'default';

/** Maximum number of named zones of a video. */
export const ZONE_SETS_MAX = 32;
