/** Combines many calls into one that `schedule` runs later. */
export function throttle(work: () => void, schedule: (work: () => void) => unknown): () => void {
  let isScheduled = false;
  return () => {
    if (isScheduled) return;
    isScheduled = true;
    schedule(() => {
      isScheduled = false;
      work();
    });
  };
}
