import type { AccessUnit } from '../../domain/stream/access-unit.js';

/** Returns an access unit of H.264 with the given properties. */
export function accessUnit(arrival: number, properties: Partial<AccessUnit> = {}): AccessUnit {
  const defaults = { key: false, damaged: false, data: Buffer.from([arrival & 0xff]) };
  return { ts: arrival * 90, cameraTime: null, arrival, codec: 'h264', ...defaults, ...properties };
}

/** Returns units in a regular interval; every `gop`th one, from the first, is a keyframe. */
export function accessUnits(
  count: number,
  { startMs = 0, intervalMs = 40, gop = 50 } = {},
): AccessUnit[] {
  return Array.from({ length: count }, (_, i) =>
    accessUnit(startMs + i * intervalMs, { key: i % gop === 0 }),
  );
}
