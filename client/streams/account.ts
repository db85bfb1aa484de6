import { createAccountant } from '../../domain/stream/account.js';
import { isoTime } from '../../domain/stream/entry.js';
import type { LogRef } from '../../domain/stream/log/fence.js';
import { findRowBefore } from '../../domain/stream/log/find-row.js';
import { createLogReader } from '../../domain/stream/log/read-log.js';
import type { TimeSpan } from '../../domain/stream/slots.js';
import type { StreamAccount, TimeRange } from './types.js';

/** Accounts for a span of a log; a span without entries has a length of 0. */
export async function accountFor(
  log: LogRef,
  range: TimeRange,
  signal?: AbortSignal,
): Promise<StreamAccount> {
  const span = spanOfRange(range);
  const accountant = createAccountant(span);
  const start = range.from ? await findRowBefore(log, span.from, { signal }) : 0;
  for await (const stretch of createLogReader(log, start).readNew({ signal })) {
    if (stretch.from >= span.to) break;
    accountant.add(stretch);
  }
  return { scenario_uuid: log.uuid, ...(accountant.finish() ?? emptyAccount(range)) };
}

/** Returns a range in ms since 1970. */
function spanOfRange({ from, to }: TimeRange): TimeSpan {
  return { from: from?.getTime() ?? -Infinity, to: to?.getTime() ?? Infinity };
}

function emptyAccount({ from, to }: TimeRange): Omit<StreamAccount, 'scenario_uuid'> {
  const instant = isoTime((from ?? to ?? new Date()).getTime());
  return { from: instant, to: instant, frames: 0, seen_s: 0, gaps: {}, problems: [] };
}
