import { homedir, hostname, tmpdir } from 'node:os';
import proto from '@temporalio/proto';

/** The SDK's conversion fails if npm installs protobufjs more than once, as it does here. */
const { History } = proto.temporal.api.history.v1;
type History = proto.temporal.api.history.v1.IHistory;

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** Paths below these folders identify the machine. */
const ROOTS = ['/home/', '/root/', '/Users/', `${tmpdir()}/`, `${homedir()}/`, `${process.cwd()}/`];

/**
 * Returns a history as JSON, one event per line, without details of the machine that recorded it.
 * @throws Error if it contains further details.
 */
export function scrubHistory(history: History): string {
  const { events } = History.toObject(History.fromObject(history), {
    longs: String,
    enums: String,
    bytes: String,
  }) as { events: readonly Json[] };
  const lines = events.map((event) => JSON.stringify(scrub(event)));
  const text = `{"events":[\n${lines.join(',\n')}\n]}\n`;
  const found = telling(text);
  if (found.length > 0) throw new Error(`The history identifies this machine: ${found.join(', ')}`);
  return text;
}

/** Returns a history as text, with its payloads as they were before encoding. */
export function decodeHistory(history: History): string {
  const text = JSON.stringify(History.toObject(History.fromObject(history), { bytes: String }));
  return text.replaceAll(/"data":"([^"]*)"/g, (_, data: string) =>
    Buffer.from(data, 'base64').toString('utf8'),
  );
}

/** Reads a history that {@link scrubHistory} wrote. */
export function readHistory(text: string): History {
  return History.fromObject(JSON.parse(text) as Record<string, unknown>);
}

/** Returns the type of the workflow that a history is of. */
export function workflowTypeOf({ events }: History): string | undefined {
  return events?.[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name ?? undefined;
}

function scrub(value: Json): Json {
  if (Array.isArray(value)) return value.map((each: Json) => scrub(each));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value as Record<string, Json>).map(([key, member]) => {
    if (key === 'identity') return [key, 'worker'];
    if (key === 'stackTrace') return [key, ''];
    return [key, scrub(member)];
  });
  const scrubbed = Object.fromEntries(entries) as Record<string, Json>;
  // A worker's own queue of workflow tasks is named by its host.
  const isSticky = scrubbed.kind === 'TASK_QUEUE_KIND_STICKY';
  return isSticky ? { ...scrubbed, name: 'sticky' } : scrubbed;
}

/** Returns names and paths of this machine in a text or in its payloads. */
export function telling(text: string): string[] {
  const payloads = [...text.matchAll(/"data":"([^"]*)"/g)].map(([, data]) =>
    Buffer.from(data!, 'base64').toString('utf8'),
  );
  const all = [text, ...payloads].join('\n');
  return [...new Set([...ROOTS, `@${hostname()}`])].filter((name) => all.includes(name));
}
