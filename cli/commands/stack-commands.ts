import type { Command } from 'commander';
import {
  dataPaths,
  downStack,
  runStackForeground,
  stackStatus,
  type StackStatus,
  upStack,
  webAddresses,
} from '../../stack/index.js';
import type { App } from '../app.js';
import { type CreateApp, newCommand } from '../command.js';
import { formatTable, formatTime } from '../format.js';

export function upCommand(createApp: CreateApp): Command {
  return newCommand(
    'up',
    'start servers and workers in the background, or what is missing of them',
    ['up', 'up --foreground'],
  )
    .option('--foreground', 'stay, and stop everything on Ctrl-C')
    .action(async ({ foreground }: { readonly foreground?: boolean }) => {
      const app = createApp();
      const { config, out, signal } = app;
      if (!foreground) {
        await upStack({ config, onStep: out.step });
        return showStatus(app);
      }
      const ready = new AbortController();
      ready.signal.addEventListener('abort', () => void showStatus(app));
      const onReady = () => ready.abort();
      await runStackForeground({ config, onStep: out.step, signal, onReady });
    });
}

export function downCommand(createApp: CreateApp): Command {
  return newCommand('down', 'stop servers and workers; data stays', ['down']).action(async () => {
    const { config, out } = createApp();
    const stopped = await downStack({ config, onStep: out.step });
    out.result(
      { stopped },
      stopped ? 'Everything has stopped.' : `Nothing ran on ${config.dataDir}.`,
    );
  });
}

export function statusCommand(createApp: CreateApp): Command {
  return newCommand('status', 'what runs, where, and since when', [
    'status',
    'status --json',
  ]).action(() => showStatus(createApp()));
}

async function showStatus({ config, out }: App): Promise<void> {
  const status = await stackStatus(config);
  const web = await webAddresses(config);
  const pages = web
    ? `\n\nVidette's page         ${web.api ?? '-'}\nTemporal's Web UI      ${web.temporal}\nObject store's console ${web.object_store}\nSecret of webhooks     ${secretPlace(config)}`
    : '\n\nStart everything with: vidette up';
  out.result(status, `${statusTable(status)}${notReadyLines(status)}${pages}`);
}

/** Where the secret is that webhooks are signed with. */
function secretPlace({ webhook, dataDir }: App['config']): string {
  return webhook.secret === undefined
    ? dataPaths(dataDir).webhookSecret
    : 'VIDETTE_WEBHOOK_SECRET of the environment';
}

/** The processes of a stack as a table. */
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

/** A line for each process that says that it is not ready. */
function notReadyLines(status: StackStatus): string {
  const reasons = Object.entries(status).flatMap(([name, { reason }]) =>
    reason === undefined ? [] : [`${name} is not ready: ${reason}`],
  );
  return reasons.map((line) => `\n\n${line}`).join('');
}
