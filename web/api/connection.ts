/** Window events: the API has stopped responding; the API responds again. */
export const API_LOST = 'apilost';
export const API_BACK = 'apiback';

/** Interval between checks whether a lost API responds again. */
const POLL_MS = 2000;

let isLost = false;

/** Reports that a request did not reach the API, and polls the API until it responds. */
export function reportLost(): void {
  if (isLost) return;
  isLost = true;
  dispatchEvent(new Event(API_LOST));
  void waitForAnswer().then(() => {
    isLost = false;
    dispatchEvent(new Event(API_BACK));
  });
}

/** Resolves immediately if the API is reachable, otherwise once it responds. @throws on abort */
export async function waitUntilBack(signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (!isLost) return;
  await new Promise<void>((resolve, reject) => {
    addEventListener(API_BACK, () => resolve(), { once: true, signal });
    signal.addEventListener('abort', () =>
      reject(new DOMException('The page was left.', 'AbortError')),
    );
  });
}

/** Resolves after `ms` milliseconds. @throws as soon as the signal aborts */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
  signal.throwIfAborted();
}

async function waitForAnswer(): Promise<void> {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    if (
      await fetch('/livez').then(
        ({ ok }) => ok,
        () => false,
      )
    )
      return;
  }
}
