import { z } from 'zod';

const ASK_TIMEOUT_MS = 2000;
const notReadySchema = z.object({ ready: z.literal(false), reason: z.string() });

/** Why a service says that it is not ready; undefined when it is, or when it does not answer. */
export async function notReadyReason(url: string): Promise<string | undefined> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
    if (response.status !== 503) return undefined;
    return notReadySchema.safeParse(await response.json()).data?.reason;
  } catch {
    return undefined;
  }
}
