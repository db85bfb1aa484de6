const UINT32 = 2 ** 32;

/** Returns pseudo-random numbers from 0 to 1: the xorshift generator of 32 bits (Marsaglia 2003). */
export function createUniform(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / UINT32;
  };
}
