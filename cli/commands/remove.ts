import { Option } from 'commander';
import type { ErasedImage, PrunedJobs, PruneRequest, VidetteClient } from '../../client/index.js';
import type { App } from '../app.js';
import { addExamples, type DefineCommand, setExitCode, withServers } from '../command.js';
import { toSeconds } from '../duration.js';
import { EXIT, exitCodeOf } from '../exit-codes.js';
import { formatCount } from '../format.js';
import { errorData, explain } from '../output.js';

interface RemoveFlags {
  readonly video?: boolean;
  readonly image?: boolean;
  readonly imageBatch?: boolean;
  readonly force?: boolean;
}

interface PruneFlags {
  readonly older: number;
  readonly framesOnly?: boolean;
  readonly dryRun?: boolean;
}

export const defineRemove: DefineCommand = (command, { createApp }) => {
  const image = '9f2c5b1e0d7a4c3b8e6f1a2d5c4b3e0f9a8d7c6b5e4f3a2b1c0d9e8f7a6b5c4d';
  addExamples(
    command,
    'rm cars-0f3a2b1c9d8e-5d1f0c7a9b3e',
    'rm --video cars-0f3a2b1c9d8e',
    `rm --image ${image}`,
    'rm --image-batch images-8bed849eba57',
  )
    .option('--video', 'delete videos that no job, running batch or schedule uses')
    .addOption(
      new Option('--image', 'erase kept images, by their SHA-256, for good').conflicts('video'),
    )
    .addOption(
      new Option(
        '--image-batch',
        'delete batches of images, with their uploads and tables; running ones are cancelled first',
      ).conflicts(['video', 'image']),
    )
    .option('--force', 'with --image: also those that data sets use; their exports leave them out')
    .action(async (ids: string[], flags: RemoveFlags) => {
      const app = await createApp();
      await withServers(app, ({ client }) => {
        const remove = removalOf(client, flags, app.signal);
        return removeEach(app, ids, remove);
      });
    });
};

/** Deletes what an id names, and returns what else is to be said about it. */
type Remove = (id: string) => Promise<string | undefined>;

function removalOf(
  client: VidetteClient,
  { video = false, image = false, imageBatch = false, force = false }: RemoveFlags,
  signal: AbortSignal,
): Remove {
  if (image) return async (id) => usesText(await client.eraseImage(id, { force }));
  if (imageBatch) {
    return async (id) => {
      await client.imageBatches.delete(id);
      return undefined;
    };
  }
  if (video) {
    return async (id) => {
      await client.deleteVideo(id);
      return undefined;
    };
  }
  return async (id) => {
    await client.deleteJob(id, { signal });
    return undefined;
  };
}

/** @example 'It was in the data sets fish@3; the models fish@4 were trained on them.' */
function usesText({ datasets, models }: ErasedImage): string | undefined {
  if (datasets.length === 0) return undefined;
  const trained =
    models.length > 0 ? `; the models ${models.join(', ')} were trained on them and stay` : '';
  return `It was in the data sets ${datasets.join(', ')}${trained}.`;
}

/** An id and the error that its deletion ended with, if any. */
interface Removal {
  readonly id: string;
  readonly note?: string | undefined;
  readonly error?: unknown;
}

/** Deletes jobs, videos, images or batches of images one by one; one that cannot be deleted does not stop the others. */
async function removeEach(app: App, ids: readonly string[], remove: Remove): Promise<void> {
  const removals: Removal[] = [];
  for (const id of ids) {
    app.out.step(`deleting ${id}`, 'transient');
    try {
      removals.push({ id, note: await remove(id) });
    } catch (error) {
      app.signal.throwIfAborted();
      if (ids.length === 1) throw error;
      removals.push({ id, error });
    }
  }
  reportRemovals(app, removals);
}

function reportRemovals({ out }: App, removals: readonly Removal[]): void {
  const removed = removals.filter(({ error }) => error === undefined);
  const deleted = removed.map(({ id }) => id);
  const failed = removals.filter(({ error }) => error !== undefined);
  const lines = [
    ...removed.map(({ id, note }) => [`Deleted ${id}.`, note].filter(Boolean).join(' ')),
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
      'jobs, batches of images and retrainings that ended, and rescorings that were started, longer ago than this, such as 12h or 30d',
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
  const rescorings = await Array.fromAsync(client.prunableRescorings(request));
  const image_batches = await Array.fromAsync(client.prunableImageBatches(request));
  const retrainings = await Array.fromAsync(client.prunableRetrainings(request));
  const what = request.frames_only ? 'Would delete the frames of' : 'Would delete';
  const counts = {
    ...{ pruned: jobs.length, rescorings: rescorings.length },
    ...{ image_batches: image_batches.length, retrainings: retrainings.length },
  };
  const lines = [
    ...jobs,
    ...rescorings.map((id) => `rescoring ${id}`),
    ...image_batches.map((id) => `batch of images ${id}`),
    ...retrainings.map((id) => `retraining ${id}`),
    isNothing(counts) ? nothingTo(request) : `${what} ${countText(counts)}.`,
  ];
  out.result({ jobs, rescorings, image_batches, retrainings }, lines.join('\n'));
}

async function prune(app: App, client: VidetteClient, request: PruneRequest): Promise<void> {
  app.out.step('deleting (continues in the background after Ctrl-C)');
  const pruning = await client.pruneJobs(request, { signal: app.signal });
  const { kept, failed } = pruning;
  const what = request.frames_only ? 'Deleted the frames of' : 'Deleted';
  const isNone = isNothing(pruning) && kept + failed === 0;
  const lines = [
    isNone ? nothingTo(request) : `${what} ${countText(pruning)}.`,
    ...(kept > 0 ? [`Kept ${formatCount(kept, 'job')} that ran again in the meantime.`] : []),
    ...(failed > 0 ? [`Failed for ${formatCount(failed, 'job')}. Run the command again.`] : []),
  ];
  app.out.result(pruning, lines.join('\n'));
  if (failed > 0) setExitCode(EXIT.FAILED);
}

type PrunedCounts = Omit<PrunedJobs, 'kept' | 'failed'>;

const isNothing = ({ pruned, rescorings, image_batches, retrainings }: PrunedCounts) =>
  pruned + rescorings + image_batches + retrainings === 0;

/** @example '2 jobs, 1 rescoring and 3 retrainings' */
function countText({ pruned, rescorings, image_batches, retrainings }: PrunedCounts): string {
  const others = [
    ...(rescorings > 0 ? [formatCount(rescorings, 'rescoring')] : []),
    ...(image_batches === 1 ? ['1 batch of images'] : []),
    ...(image_batches > 1 ? [`${image_batches} batches of images`] : []),
    ...(retrainings > 0 ? [formatCount(retrainings, 'retraining')] : []),
  ];
  return new Intl.ListFormat('en-GB').format([formatCount(pruned, 'job'), ...others]);
}

function nothingTo({ frames_only }: PruneRequest): string {
  return frames_only
    ? 'No job that ended that long ago has stored frames.'
    : 'Nothing is that old.';
}
