/**
 * Returns the first frame at or after a time by binary search; the number of frames if there is none.
 * @param timeOf returns the time of a frame in ms
 */
export async function findFrame(
  timeOf: (frame: number) => Promise<number>,
  frameCount: number,
  ms: number,
): Promise<number> {
  let [low, high] = [0, frameCount];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if ((await timeOf(middle)) < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
