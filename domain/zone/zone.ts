import { z } from 'zod';
import { described } from '../described.js';
import { ID } from '../names.js';
import { crossesItself, polygonArea, toPoints } from './geometry.js';

/** Names are keys of counts and columns of tables. */
const name = described(
  z.string().regex(ID, 'expected a name of at most 128 letters, digits, "_" or "-"'),
  'Name, unique among the zones and lines of a request.',
  'entrance',
);

const share = z.number().min(0).max(1);
const point = z
  .array(share)
  .length(2)
  .meta({
    description: 'Point [x, y] in shares of the width and height of the frame, from its top left.',
    examples: [[0.25, 0.5]],
  });

const classes = described(
  z.array(z.string().min(1).max(128)).min(1).max(1000).optional(),
  'Classes of the objects to count. Default: all.',
  ['person'],
);

/** Smallest area of a zone, as a share of the frame. */
const AREA_MIN = 1e-4;
const POINTS_MAX = 64;
const ZONES_MAX = 64;

type Points = readonly (readonly number[])[];
const isSimple = (points: Points) => !crossesItself(toPoints(points));
const hasArea = (points: Points) => Math.abs(polygonArea(toPoints(points))) >= AREA_MIN;

/** Polygon that objects enter and leave. */
export const zoneSchema = z
  .strictObject({
    name,
    kind: described(z.literal('zone'), 'Kind.'),
    points: described(
      z
        .array(point)
        .min(3)
        .max(POINTS_MAX)
        .refine(isSimple, 'expected a polygon whose sides do not cross each other')
        .refine(hasArea, `expected a polygon of at least ${AREA_MIN * 100} % of the frame`),
      'Corners of the polygon in order.',
      [
        [0.1, 0.2],
        [0.6, 0.2],
        [0.6, 0.9],
      ],
    ),
    classes,
  })
  .meta({ id: 'Zone', description: 'Polygon that objects enter and leave.' });

/** Line that objects cross in one of two directions. */
export const lineSchema = z
  .strictObject({
    name,
    kind: described(z.literal('line'), 'Kind.'),
    points: described(
      z
        .array(point)
        .length(2)
        .refine(
          ([a, b]) => a?.[0] !== b?.[0] || a?.[1] !== b?.[1],
          'expected two different points',
        ),
      'Start and end. Crossing to the right of this direction is `in`, to its left `out`.',
      [
        [0.2, 0.5],
        [0.8, 0.5],
      ],
    ),
    classes,
  })
  .meta({ id: 'Line', description: 'Line that objects cross in one of two directions.' });

const hasUniqueNames = (zones: readonly { readonly name: string }[]) =>
  new Set(zones.map((zone) => zone.name)).size === zones.length;

export const zonesSchema = z
  .array(z.discriminatedUnion('kind', [zoneSchema, lineSchema]))
  .min(1)
  .max(ZONES_MAX)
  .refine(hasUniqueNames, 'expected different names');

export type Zone = z.infer<typeof zoneSchema>;
export type Line = z.infer<typeof lineSchema>;
export type ZoneOrLine = Zone | Line;
