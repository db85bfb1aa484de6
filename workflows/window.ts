import { CancellationScope, isCancellation } from '@temporalio/workflow';

/**
 * Runs `work` for the numbers of `[from, to)`, started in order and at most `width` at a time. The
 * first error cancels the rest and is thrown when all have ended. No more are started once `stop`
 * returns true.
 * @returns the first number that was not started.
 */
export async function forEachInWindow(
  { from, to, width }: { from: number; to: number; width: number },
  work: (index: number) => Promise<void>,
  stop: () => boolean,
): Promise<number> {
  let next = from;
  await CancellationScope.cancellable(async () => {
    const scope = CancellationScope.current();
    const errors: unknown[] = [];
    const lane = async () => {
      while (errors.length === 0 && next < to && !stop()) {
        const index = next++;
        try {
          await work(index);
        } catch (error) {
          errors.push(error);
          scope.cancel();
        }
      }
    };
    await Promise.all(Array.from({ length: Math.min(width, to - from) }, lane));
    if (errors.length > 0) throw errors.find((error) => !isCancellation(error)) ?? errors[0];
  });
  return next;
}
