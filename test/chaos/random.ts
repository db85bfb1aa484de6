import { createHash } from 'node:crypto';

/** Pseudo-random numbers that are the same for the same seed. */
export interface Random {
  /** At least `from`, less than `to`. */
  between(from: number, to: number): number;
  pick<T>(choices: readonly T[]): T;
}

const UINT32 = 2 ** 32;

/** Derives numbers from the SHA-256 of the seed and a counter. */
export function createRandom(seed: string): Random {
  let count = 0;
  const next = () => {
    const hash = createHash('sha256').update(`${seed}/${count++}`).digest();
    return hash.readUInt32LE() / UINT32;
  };
  return {
    between: (from, to) => from + next() * (to - from),
    pick: (choices) => {
      const choice = choices[Math.floor(next() * choices.length)];
      if (choice === undefined) throw new Error('There is nothing to pick from');
      return choice;
    },
  };
}
