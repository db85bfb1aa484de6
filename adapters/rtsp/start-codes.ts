/** Start codes of Annex B with three bytes; a fourth, leading zero is optional. */
const START_CODE = Buffer.from([0, 0, 1]);
const FULL_START_CODE = Buffer.from([0, 0, 0, 1]);

/** Joins NAL units, each after a start code (Annex B). */
export function joinAnnexB(nals: readonly Buffer[]): Buffer {
  return Buffer.concat(nals.flatMap((nal) => [FULL_START_CODE, nal]));
}

/** Removes start codes and zero bytes around a NAL unit, which some cameras leave in their SDP. */
export function trimStartCodes(nal: Buffer): Buffer {
  const first = nal.indexOf(START_CODE);
  const isLeading = first >= 0 && nal.subarray(0, first).every((byte) => byte === 0);
  const start = isLeading ? first + START_CODE.length : 0;
  const next = nal.indexOf(START_CODE, start);
  const unit = nal.subarray(start, next < 0 ? undefined : next);
  const end = unit.findLastIndex((byte) => byte !== 0);
  return unit.subarray(0, end + 1);
}
