import { dataPaths } from '../../stack/data-folder.js';
import type { StackStatus } from '../../stack/index.js';
import type { App } from '../app.js';
import { addExamples, type DefineCommand } from '../command.js';
import { addConsentOptions, type ConsentFlags } from '../consent.js';
import { formatTable, formatTime } from '../format.js';

export const defineUp: DefineCommand = (command, { createApp }) => {
  addConsentOptions(addExamples(command, 'up', 'up --foreground'))
    .option('--foreground', 'run in the foreground and stop everything on Ctrl-C')
    .action(async (flags: ConsentFlags & { readonly foreground?: boolean }) => {
      const { runStackForeground, upStack } = await import('../../stack/index.js');
      const app = await createApp(flags);
      const { config, out, signal, confirm } = app;
      if (!flags.foreground) {
        await upStack({ config, onStep: out.step, confirm });
        return showStatus(app);
      }
      const ready = new AbortController();
      ready.signal.addEventListener('abort', () => void showStatus(app));
      const onReady = () => ready.abort();
      await runStackForeground({ config, onStep: out.step, confirm, signal, onReady });
    });
};

export const defineDown: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'down').action(async () => {
    const { downStack } = await import('../../stack/index.js');
    const { config, out } = await createApp();
    const stopped = await downStack({ config, onStep: out.step });
    out.result(
      { stopped },
      stopped ? 'Stopped servers and workers.' : `No stack is running on ${config.dataDir}.`,
    );
  });
};

export const defineStatus: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'status', 'status --json').action(async () => showStatus(await createApp()));
};

async function showStatus({ config, out }: App): Promise<void> {
  const { stackStatus, webAddresses } = await import('../../stack/index.js');
  const status = await stackStatus(config);
  const web = await webAddresses(config);
  const pages = web
    ? `\n\nVidette's page         ${web.api ?? '-'}\nTemporal's Web UI      ${web.temporal}\nObject store's console ${web.object_store}\nWebhook secret         ${secretPlace(config)}`
    : '\n\nStart everything with "vidette up".';
  out.result(status, `${statusTable(status)}${notReadyLines(status)}${pages}`);
}

/** Describes where the secret that signs webhooks is stored. */
function secretPlace({ webhook, dataDir }: App['config']): string {
  return webhook.secret === undefined
    ? dataPaths(dataDir).webhookSecret
    : 'VIDETTE_WEBHOOK_SECRET in the environment';
}

/** Formats the processes of a stack as a table. */
function statusTable(status: StackStatus): string {
  const rows = Object.entries(status).map(([name, { state, pid, address, since }]) => [
    name,
    state,
    pid === null ? '-' : String(pid),
    address ?? '-',
    formatTime(since),
  ]);
  return formatTable([['PROCESS', 'STATE', 'PID', 'ADDRESS', 'SINCE'], ...rows]);
}

/** Returns a line for each process that reports a reason for not being ready. */
function notReadyLines(status: StackStatus): string {
  const reasons = Object.entries(status).flatMap(([name, { reason }]) =>
    reason === undefined ? [] : [`${name} is not ready: ${reason}`],
  );
  return reasons.map((line) => `\n\n${line}`).join('');
}
