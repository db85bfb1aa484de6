import type { CaseOrder, RescoreRequest } from '../../client/index.js';
import type { App } from '../app.js';
import { withServers } from '../command.js';
import { exitCodeOfJob } from '../exit-codes.js';
import { follow } from '../follow.js';
import { writeToPipe } from '../write-to-pipe.js';
import { formatRescoring, formatRescorings, rescoreProgressLine } from './rescore-text.js';

/** Starts a rescoring, or finds it; returns the exit code. */
export async function runRescore(
  app: App,
  request: RescoreRequest,
  wait: boolean,
): Promise<number> {
  return withServers(app, async ({ client }) => {
    const { rescore_id, started } = await client.rescorings.start(request);
    if (!started) app.out.step(`rescoring ${rescore_id} exists already`);
    const rescoring = wait
      ? await follow(app, client.rescorings.status(rescore_id, { signal: app.signal }), {
          line: rescoreProgressLine,
          interrupted: `Interrupted; the rescoring continues. See it with "vidette rescore show ${rescore_id}".`,
        })
      : await client.rescorings.get(rescore_id);
    app.out.result(rescoring, formatRescoring(rescoring));
    return exitCodeOfJob(rescoring.status);
  });
}

/** Shows a rescoring with its report. */
export async function showRescoring(app: App, id: string): Promise<void> {
  const rescoring = await withServers(app, ({ client }) => client.rescorings.get(id));
  app.out.result(rescoring, formatRescoring(rescoring));
}

/** Lists all rescorings. */
export async function listRescorings(app: App): Promise<void> {
  const rescorings = await withServers(app, ({ client }) => client.rescorings.list());
  app.out.result(rescorings, formatRescorings(rescorings));
}

/** Prints what differs as JSON lines. */
export async function printCases(app: App, id: string, order: CaseOrder): Promise<void> {
  await withServers(app, async ({ client }) => {
    const pipe = writeToPipe(process.stdout, app.signal);
    for await (const found of await client.rescorings.cases(id, order)) {
      if (pipe.signal.aborted) return; // the reader has left
      await pipe.write(`${JSON.stringify(found)}\n`);
    }
  });
}

/** Cancels a rescoring. */
export async function cancelRescoring(app: App, id: string): Promise<void> {
  const cancelling = await withServers(app, ({ client }) => client.rescorings.cancel(id));
  const text = cancelling ? `Cancelling rescoring ${id}.` : `Rescoring ${id} is not running.`;
  app.out.result({ rescore_id: id, cancelling }, text);
}

/** Deletes a rescoring. */
export async function removeRescoring(app: App, id: string): Promise<void> {
  const deleted = await withServers(app, ({ client }) => client.rescorings.delete(id));
  app.out.result(deleted, `Rescoring ${id} deleted, ${deleted.objects} objects removed.`);
}
