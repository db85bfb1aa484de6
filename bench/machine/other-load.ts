import { processesUnder, TICKS_PER_SECOND } from '../processes.js';
import { type CoresUsed, coresUsed, readCpuTime } from './cpu-time.js';
import type { Machine } from './quiet.js';

/** Measures what everything but this process, some others and their children uses of a machine. */
export function startOtherLoadMeter(pids: readonly number[], machine: Machine) {
  const own = [process.pid, ...pids];
  const [startedAt, before, ownBefore] = [performance.now(), readCpuTime(), readOwnSeconds(own)];
  return {
    /** Returns the mean since the start. */
    read(): CoresUsed {
      const used = coresUsed(before, readCpuTime(), machine.cores);
      const seconds = (performance.now() - startedAt) / 1000;
      const ownCores = (readOwnSeconds(own) - ownBefore) / seconds;
      return { busy: Math.max(0, used.busy - ownCores), steal: used.steal };
    },
  };
}

function readOwnSeconds(roots: readonly number[]): number {
  const ticks = processesUnder(roots).map((each) => each.selfTicks + each.endedChildTicks);
  return ticks.reduce((sum, each) => sum + each, 0) / TICKS_PER_SECOND;
}
