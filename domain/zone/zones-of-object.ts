import type { Size, StoredObject } from '../result/detection.js';
import { anchorOf, borderOf } from './zone-watch.js';
import type { ZoneOrLine } from './zone.js';

/** Returns the names of the zones in which an object is, in their order. */
export type ZonesOfObject = (object: Pick<StoredObject, 'class' | 'box'>) => readonly string[];

/**
 * Finds the zones that contain the place where an object of their classes stands. It needs no tracks
 * and knows no margin: an object on a border can change from frame to frame, unlike the events.
 * @param size size of the frames in pixels
 */
export function zonesOfObject(zones: readonly ZoneOrLine[], size: Size): ZonesOfObject {
  const borders = zones.filter(({ kind }) => kind === 'zone').map((zone) => borderOf(zone, size));
  return ({ class: name, box }) =>
    borders
      .filter((border) => {
        const { classes } = border.zone;
        const isCounted = classes === undefined || classes.includes(name);
        return isCounted && border.depthOf(anchorOf(box)) > 0;
      })
      .map(({ zone }) => zone.name);
}
