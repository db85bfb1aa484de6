export interface SilenceWatchOptions {
  readonly silenceMs: number;
  /** Returns the number of access units so far. */
  readonly countUnits: () => number;
  readonly onSilence: () => void;
}

/** Checks without a new unit that make a silence. A suspended process counts as one check. */
const CHECKS = 10;

/** Notices that no access unit arrives. Returns a function that ends the watch. */
export function startSilenceWatch(options: SilenceWatchOptions): () => void {
  const { silenceMs, countUnits, onSilence } = options;
  let [last, silentChecks] = [countUnits(), 0];
  const timer = setInterval(() => {
    const count = countUnits();
    silentChecks = count === last ? silentChecks + 1 : 0;
    last = count;
    if (silentChecks === CHECKS) onSilence();
  }, silenceMs / CHECKS);
  return () => clearInterval(timer);
}
