import { z } from 'zod';

const REQUEST_TIMEOUT_MS = 2000;
const notReadySchema = z.object({ ready: z.literal(false), reason: z.string() });

/** Whether a service replies to its `/readyz` that it is ready. Rejects if it does not reply. */
export async function isReady(url: string): Promise<boolean> {
  return (await fetch(url, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) })).ok;
}

/** Returns why a service is not ready; undefined if it is ready or does not reply. */
export async function notReadyReason(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS) });
    if (response.status !== 503) return undefined;
    return notReadySchema.safeParse(await response.json()).data?.reason;
  } catch {
    return undefined;
  }
}
