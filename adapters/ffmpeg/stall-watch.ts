import { AppError } from '../../domain/errors.js';
import { killTree, processorTicks, processTree } from './process-tree.js';

/** Looks in a row that must find no progress: a suspended machine makes one late look, not many. */
const LOOKS = 6;

/** Watches a process and its descendants, and kills them all when none uses the processor. */
export interface StallWatch {
  /** Ends the watch; the error to throw where it had to kill. */
  stop(): AppError | undefined;
}

/**
 * @param stallS seconds without any processor time after which a process counts as hung; a watch
 * kills between that and a sixth more. Where the system does not tell (Linux does), it never kills.
 */
export function watchForStall(tool: string, pid: number | undefined, stallS: number): StallWatch {
  let before: number | undefined;
  let silent = 0;
  let stalled = false;
  const look = async () => {
    if (pid === undefined) return;
    const now = await processorTicks(await processTree(pid));
    silent = now !== undefined && now === before ? silent + 1 : 0;
    before = now;
    if (silent < LOOKS || stalled) return;
    stalled = true;
    await killTree(pid);
  };
  const timer = setInterval(() => void look(), (stallS * 1000) / LOOKS);
  return {
    stop: () => {
      clearInterval(timer);
      return stalled ? stalledError(tool, stallS) : undefined;
    },
  };
}

function stalledError(tool: string, stallS: number): AppError {
  return new AppError(
    'DECODE_FAILED',
    `${tool} hung: it used no processor time for ${stallS} s (VIDETTE_FFMPEG_STALL_S) and was ended.`,
  );
}
