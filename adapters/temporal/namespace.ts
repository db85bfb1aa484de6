import { setTimeout as sleep } from 'node:timers/promises';
import type { Connection } from '@temporalio/client';

const ALREADY_EXISTS = 6;
const NOT_FOUND = 5;
/** Servers read new namespaces from a cache that is refreshed every few seconds. */
const VISIBLE_WITHIN_MS = 30_000;
const DAY_S = 86_400;
const RETENTION_DAYS = 30;

/** Creates a namespace and waits until it can be used; does not change an existing one. */
export async function ensureNamespace(connection: Connection, namespace: string): Promise<void> {
  if (await exists(connection, namespace)) return;
  try {
    await connection.workflowService.registerNamespace({
      namespace,
      workflowExecutionRetentionPeriod: { seconds: (RETENTION_DAYS * DAY_S) as never },
    });
  } catch (error) {
    if ((error as { code?: number }).code !== ALREADY_EXISTS) throw error;
  }
  const deadline = Date.now() + VISIBLE_WITHIN_MS;
  while (!(await exists(connection, namespace)) && Date.now() < deadline) await sleep(500);
}

async function exists(connection: Connection, namespace: string): Promise<boolean> {
  try {
    await connection.workflowService.describeNamespace({ namespace });
    return true;
  } catch (error) {
    if ((error as { code?: number }).code === NOT_FOUND) return false;
    throw error;
  }
}
