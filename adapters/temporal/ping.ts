import type { Connection } from '@temporalio/client';

/** The calls that client and worker connections share. */
type AnyConnection = Pick<Connection, 'withDeadline'> & {
  readonly workflowService: Pick<Connection['workflowService'], 'describeNamespace'>;
};

/** Resolves when Temporal describes a namespace within `timeoutMs`. */
export async function pingTemporal(
  connection: AnyConnection,
  namespace: string,
  timeoutMs: number,
): Promise<void> {
  await connection.withDeadline(Date.now() + timeoutMs, () =>
    connection.workflowService.describeNamespace({ namespace }),
  );
}
