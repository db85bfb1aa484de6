import type { VideoInfo } from '../../domain/video/video.js';

/** Bits of timestamps, in units of the time base, of containers whose clock starts over. */
const CLOCK_BITS: Readonly<Record<string, number>> = { mpegts: 33, mpeg: 33, flv: 32, asf: 32 };
/** Longest step between two packets over which a clock is taken to have started over, in seconds. */
const OVERFLOW_STEP_MAX_S = 3600;

/**
 * Number of units after which the clock of a container starts over; undefined if it does not.
 * @param container names of a container as ffprobe gives them.
 */
export function clockPeriod(container: string): number | undefined {
  const bits = container.split(',').map((name) => CLOCK_BITS[name]);
  const found = bits.find((each) => each !== undefined);
  return found === undefined ? undefined : 2 ** found;
}

/** Finds out whether the clock of a video is set back, as after a restart of a camera. */
export interface ClockWatch {
  /** Adds the decoding timestamp of the next packet. */
  add(dts: number | undefined): void;
  isSetBack(): boolean;
}

/**
 * Watches the clock of a container that starts over. ffmpeg takes a timestamp far below the first
 * one for that of a clock that started over, and adds a period. After a real overflow the timestamps
 * continue; after a jump back, they step over the overflow from far before it.
 */
export function watchClock({
  container,
  time_base,
}: Pick<VideoInfo, 'container' | 'time_base'>): ClockWatch {
  const period = clockPeriod(container);
  const maxStep = (OVERFLOW_STEP_MAX_S * time_base.den) / time_base.num;
  let last: number | undefined;
  let setBack = false;
  return {
    add: (dts) => {
      if (period === undefined || dts === undefined) return;
      const overflows = Math.floor(dts / period) - Math.floor((last ?? dts) / period);
      setBack ||= dts < (last ?? dts) || (overflows > 0 && dts - (last ?? dts) > maxStep);
      last = dts;
    },
    isSetBack: () => setBack,
  };
}
