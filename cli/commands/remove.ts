import type { PruneRequest, VidetteClient } from '../../client/index.js';
import type { App } from '../app.js';
import { addExamples, type DefineCommand, setExitCode, withServers } from '../command.js';
import { toSeconds } from '../duration.js';
import { EXIT, exitCodeOf } from '../exit-codes.js';
import { formatCount } from '../format.js';
import { errorData, explain } from '../output.js';

interface RemoveFlags {
  readonly video?: boolean;
}

interface PruneFlags {
  readonly older: number;
  readonly framesOnly?: boolean;
  readonly dryRun?: boolean;
}

export const defineRemove: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'rm cars-0f3a2b1c9d8e-5d1f0c7a9b3e', 'rm --video cars-0f3a2b1c9d8e')
    .option('--video', 'delete videos that no job, running batch or schedule uses')
    .action(async (ids: string[], { video = false }: RemoveFlags) => {
      const app = await createApp();
      await withServers(app, ({ client }) => removeEach(app, client, ids, video));
    });
};

/** An id and the error that its deletion ended with, if any. */
interface Removal {
  readonly id: string;
  readonly error?: unknown;
}

/** Deletes jobs or videos one by one; one that cannot be deleted does not stop the others. */
async function removeEach(
  app: App,
  client: VidetteClient,
  ids: readonly string[],
  isVideo: boolean,
): Promise<void> {
  const removals: Removal[] = [];
  for (const id of ids) {
    app.out.step(`deleting ${id}`, 'transient');
    try {
      await (isVideo ? client.deleteVideo(id) : client.deleteJob(id, { signal: app.signal }));
      removals.push({ id });
    } catch (error) {
      app.signal.throwIfAborted();
      if (ids.length === 1) throw error;
      removals.push({ id, error });
    }
  }
  reportRemovals(app, removals);
}

function reportRemovals({ out }: App, removals: readonly Removal[]): void {
  const deleted = removals.filter(({ error }) => error === undefined).map(({ id }) => id);
  const failed = removals.filter(({ error }) => error !== undefined);
  const lines = [
    ...deleted.map((id) => `Deleted ${id}.`),
    ...failed.map(({ id, error }) => `Not deleted: ${id}. ${explain(error)}`),
  ];
  const data = failed.map(({ id, error }) => ({ id, error: errorData(error) }));
  out.result({ deleted, failed: data }, lines.join('\n'));
  if (failed[0]) setExitCode(exitCodeOf(failed[0].error));
}

export const definePrune: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'prune --older 30d --dry-run', 'prune --older 7d --frames-only')
    .requiredOption(
      '--older <duration>',
      'jobs that ended longer ago than this, such as 12h or 30d',
      toSeconds,
    )
    .option('--frames-only', 'keep results and predictions, and delete only stored frames')
    .option('--dry-run', 'list the jobs, and delete nothing')
    .action(async ({ older, framesOnly = false, dryRun = false }: PruneFlags) => {
      const app = await createApp();
      const request = { older_than_s: older, frames_only: framesOnly };
      await withServers(app, ({ client }) =>
        dryRun ? showPrunable(app, client, request) : prune(app, client, request),
      );
    });
};

async function showPrunable(
  { out }: App,
  client: VidetteClient,
  request: PruneRequest,
): Promise<void> {
  const jobs = await Array.fromAsync(client.prunableJobs(request));
  const what = request.frames_only ? 'Would delete the frames of' : 'Would delete';
  const summary =
    jobs.length > 0 ? `${what} ${formatCount(jobs.length, 'job')}.` : nothingTo(request);
  out.result({ jobs }, [...jobs, summary].join('\n'));
}

async function prune(app: App, client: VidetteClient, request: PruneRequest): Promise<void> {
  app.out.step('deleting (continues in the background after Ctrl-C)');
  const { pruned, kept, failed } = await client.pruneJobs(request, { signal: app.signal });
  const what = request.frames_only ? 'Deleted the frames of' : 'Deleted';
  const isNone = pruned + kept + failed === 0;
  const lines = [
    isNone ? nothingTo(request) : `${what} ${formatCount(pruned, 'job')}.`,
    ...(kept > 0 ? [`Kept ${formatCount(kept, 'job')} that ran again in the meantime.`] : []),
    ...(failed > 0 ? [`Failed for ${formatCount(failed, 'job')}. Run the command again.`] : []),
  ];
  app.out.result({ pruned, kept, failed }, lines.join('\n'));
  if (failed > 0) setExitCode(EXIT.FAILED);
}

function nothingTo({ frames_only }: PruneRequest): string {
  return frames_only
    ? 'No job that ended that long ago has stored frames.'
    : 'No job ended that long ago.';
}
