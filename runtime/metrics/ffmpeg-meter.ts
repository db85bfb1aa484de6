import { Counter, type Registry } from 'prom-client';
import { FFMPEG_OUTCOMES, type FfmpegOutcome } from '../../domain/ports/meters.js';
import { countFromZero } from './count-from-zero.js';

/** Creates the counter of ffmpeg's runs in this process and its lanes. */
export function createFfmpegMeter(registers: Registry[]): (outcome: FfmpegOutcome) => void {
  const runs = new Counter({
    name: 'vidette_ffmpeg_runs_total',
    help: 'Runs of ffmpeg by their end; decoders of cameras do not count',
    labelNames: ['outcome'],
    registers,
  });
  countFromZero(runs, FFMPEG_OUTCOMES);
  return (outcome) => runs.inc({ outcome });
}
