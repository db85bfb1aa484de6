import {
  type AccessUnit,
  createArrivalOrder,
  type NalCodec,
} from '../../domain/stream/access-unit.js';
import { NAL_FORMATS } from '../rtsp/nal.js';
import { joinAnnexB } from '../rtsp/start-codes.js';
import type { TimedUnit } from '../rtsp/track-reader.js';

/** Converts the units of one RTSP connection. */
export function createUnitConverter(codec: NalCodec): (unit: TimedUnit) => AccessUnit {
  const order = createArrivalOrder();
  return ({ nals, arrival, ...unit }) => {
    return { ...unit, arrival: order(arrival), data: joinAnnexB(nals), codec };
  };
}

/** Types of the NAL units that declare the size of the frames. */
const SEQUENCE_PARAMETERS: Readonly<Record<NalCodec, number>> = { h264: 7, h265: 33 };

/**
 * Notices new sequence parameters, such as another size of the frames, for which a decoder must be
 * started again. Returns whether those of a unit differ from the ones before; those of the first
 * unit do not.
 */
export function createParameterWatch(codec: NalCodec): (unit: Pick<TimedUnit, 'nals'>) => boolean {
  const format = NAL_FORMATS[codec];
  let last: Buffer | undefined;
  return ({ nals }) => {
    const isParameters = (nal: Buffer) => format.typeOf(nal) === SEQUENCE_PARAMETERS[codec];
    const sets = nals.filter(isParameters);
    if (sets.length === 0) return false;
    const current = joinAnnexB(sets);
    const isChanged = last !== undefined && !last.equals(current);
    last = current;
    return isChanged;
  };
}
