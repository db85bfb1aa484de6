import type { FfmpegOutcome, LaneMeasures } from '../domain/ports/meters.js';

/** Collects what a lane measures until it is sent. */
export interface MeasureCollector {
  readonly inferred: (seconds: number) => void;
  readonly ffmpegRan: (outcome: FfmpegOutcome) => void;
  /** Returns what was measured since the last call; undefined if nothing was. */
  take(): LaneMeasures | undefined;
}

export function collectMeasures(): MeasureCollector {
  let inferenceS: number[] = [];
  let ffmpegRuns: FfmpegOutcome[] = [];
  return {
    inferred: (seconds) => void inferenceS.push(seconds),
    ffmpegRan: (outcome) => void ffmpegRuns.push(outcome),
    take: () => {
      if (inferenceS.length === 0 && ffmpegRuns.length === 0) return undefined;
      const taken = { inferenceS, ffmpegRuns };
      inferenceS = [];
      ffmpegRuns = [];
      return taken;
    },
  };
}
