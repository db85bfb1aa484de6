import { clearLine, cursorTo } from 'node:readline';

const TRANSIENT_EVERY_MS = 5000;

/** Writes lines to a terminal or a log. */
export interface LineWriter {
  line(text: string): void;
  /** Shows a line that the next one replaces; in a log, writes a line every 5 s. */
  transient(text: string): void;
  /** Runs `work`, which uses the terminal itself; lines are written afterwards. */
  pause<T>(work: () => Promise<T>): Promise<T>;
}

export function createLineWriter(stream: NodeJS.WriteStream): LineWriter {
  let isTransientShown = false;
  let writtenAt = -Infinity;
  let held: string[] | undefined;
  const clear = () => {
    if (!isTransientShown) return;
    cursorTo(stream, 0);
    clearLine(stream, 0);
    isTransientShown = false;
  };
  const line = (text: string) => {
    if (held) return void held.push(text);
    clear();
    stream.write(`${text}\n`);
  };
  const transientInLog = (text: string) => {
    if (performance.now() - writtenAt < TRANSIENT_EVERY_MS) return;
    writtenAt = performance.now();
    line(text);
  };
  return {
    line,
    transient: (text) => {
      if (!stream.isTTY) return transientInLog(text);
      if (held) return;
      clear();
      stream.write(text.slice(0, stream.columns - 1));
      isTransientShown = true;
    },
    pause: async (work) => {
      clear();
      held = [];
      try {
        return await work();
      } finally {
        const lines = held;
        held = undefined;
        lines.forEach(line);
      }
    },
  };
}
