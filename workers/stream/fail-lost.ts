import type { Client } from '@temporalio/client';
import type { TaskTokenFiles } from '../../adapters/scratch/task-tokens.js';
import { failLostActivity } from '../../adapters/temporal/scenario-runs.js';
import type { Logger } from '../../runtime/logger.js';

/**
 * Fails the activities of a process of this host that crashed, so that their cameras continue here
 * at once, not after a heartbeat timeout.
 */
export async function failLostActivities(
  client: Client,
  tokens: Pick<TaskTokenFiles, 'takeLeft'>,
  logger: Logger,
): Promise<void> {
  const left = await tokens.takeLeft();
  const failed = await Promise.all(left.map((token) => failLostActivity(client, token)));
  const cameras = failed.filter(Boolean).length;
  if (left.length > 0) logger.info({ cameras }, 'cameras of a crashed process continue');
}
