/** Below this, the sum is used: the series is exact to a double above it. */
const EXACT_BELOW = 16;

/** Natural logarithm of n!, for n from 0: a sum, or Stirling's series (NIST DLMF 5.11.1). */
export function logFactorial(n: number): number {
  if (n < EXACT_BELOW) {
    let sum = 0;
    for (let i = 2; i <= n; i++) sum += Math.log(i);
    return sum;
  }
  const z = n + 1;
  const series = 1 / (12 * z) - 1 / (360 * z ** 3) + 1 / (1260 * z ** 5) - 1 / (1680 * z ** 7);
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series;
}
