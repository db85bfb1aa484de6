import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { isGap, type VidetteClient } from '../../client/index.js';
import type { Config } from '../../config/index.js';
import { AppError } from '../../domain/errors.js';
import { fileRootOf } from '../../stack/file-root.js';
import { webAddresses } from '../../stack/index.js';
import type { App } from '../app.js';
import { withServers } from '../command.js';
import { provideSample } from '../provide-sample.js';
import { lineOf } from './run-results.js';
import { writeToPipe } from '../write-to-pipe.js';

/** Scenario of the demonstration camera: one on each installation. */
const DEMO_UUID = '00000000-0000-4000-8000-000000000001';
const POLL_MS = 500;

/**
 * Deploys a camera that plays the sample video in a loop, and prints its rows until Ctrl-C. The
 * scenario continues to run.
 */
export async function tryStream(
  app: App,
  { exit = false }: { readonly exit?: boolean },
): Promise<void> {
  await withServers(app, async ({ client, config }) => {
    const path = await provideSample(app, config, findFileRoot(app.config, config));
    const deployed = await client.streams.deploy({
      ...{ scenario_uuid: DEMO_UUID, camera_url: pathToFileURL(path).href, loop: true },
    });
    app.out.step(
      deployed.started ? 'demonstration camera started' : 'demonstration camera is running',
    );
    await waitUntilLive(app, client);
    app.out.note(await hintsFor(app.config));
    await printRows(app, client, exit);
  });
}

/** Returns a folder of this machine whose files the stream workers may read. */
function findFileRoot({ namesServers }: Config, { dataDir, streams }: Config): string {
  if (!namesServers || streams.fileRoot !== undefined) return fileRootOf(dataDir, streams.fileRoot);
  throw new AppError(
    'INVALID_INPUT',
    'The stream workers of other servers cannot read the sample video of this machine. Unset TEMPORAL_ADDRESS to use the local stack, or set VIDETTE_FILE_ROOT to a folder that they share.',
  );
}

/** Reports the state of the camera until it is live. @throws AppError if its scenario ends. */
async function waitUntilLive({ out, signal }: App, { streams }: VidetteClient): Promise<void> {
  for (;;) {
    const { state, message, ended_at } = await streams.get(DEMO_UUID);
    if (ended_at !== null) throw new AppError('JOB_FAILED', message);
    if (state === 'live') return;
    out.step(`${state}: ${message}`, 'transient');
    await sleep(POLL_MS, undefined, { signal });
  }
}

async function hintsFor(config: Config): Promise<string> {
  const api = config.namesServers ? undefined : (await webAddresses(config))?.api;
  return [
    ...(api ? [`Page:     ${api}/#/camera/${DEMO_UUID}`] : []),
    `State:    vidette streams show ${DEMO_UUID}`,
    `Account:  vidette streams account ${DEMO_UUID} --check`,
    `Stop it:  vidette streams rm ${DEMO_UUID}`,
    'Its rows, until you press Ctrl-C (the camera continues):',
  ].join('\n');
}

async function printRows(app: App, { streams }: VidetteClient, isOne: boolean): Promise<void> {
  const pipe = writeToPipe(process.stdout, app.signal);
  const options = { fromEnd: true, follow: true, signal: pipe.signal };
  try {
    for await (const entry of streams.results(DEMO_UUID, options)) {
      const line = lineOf(entry, {});
      if (line !== undefined) await pipe.write(line);
      if (isOne && !isGap(entry)) return;
    }
  } catch (error) {
    if (!pipe.signal.aborted) throw error;
  }
}
