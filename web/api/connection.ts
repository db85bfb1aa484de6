/** Events of the window: the API does not answer, and it does so again. */
export const API_LOST = 'apilost';
export const API_BACK = 'apiback';

/** The API is asked so often whether it is back. */
const ASK_MS = 2000;

let isLost = false;

/** Says that a request did not reach the API, which is asked from then on until it answers. */
export function noteLost(): void {
  if (isLost) return;
  isLost = true;
  dispatchEvent(new Event(API_LOST));
  void untilAnswer().then(() => {
    isLost = false;
    dispatchEvent(new Event(API_BACK));
  });
}

/** Resolves at once while the API answers, else when it does again. @throws when the signal aborts. */
export async function whenBack(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (!isLost) return;
  await new Promise<void>((resolve, reject) => {
    addEventListener(API_BACK, () => resolve(), { once: true, signal });
    signal.addEventListener('abort', () => reject(new DOMException('Left.', 'AbortError')));
  });
}

/** Resolves after a time in ms. @throws when the signal aborts. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
  signal.throwIfAborted();
}

async function untilAnswer(): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, ASK_MS));
    if (
      await fetch('/livez').then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
  }
}
