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
import { addConsentOptions, type ConsentFlags } from '../consent.js';
import { formatTable, formatTime } from '../format.js';

export function upCommand(createApp: CreateApp): Command {
  const command = newCommand(
    'up',
    'start servers and workers in the background, or those that are not running',
    ['up', 'up --foreground'],
  );
  return addConsentOptions(command)
    .option('--foreground', 'run in the foreground and stop everything on Ctrl-C')
    .action(async (flags: ConsentFlags & { readonly foreground?: boolean }) => {
      const app = createApp(flags);
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
}

export function downCommand(createApp: CreateApp): Command {
  return newCommand('down', 'stop servers and workers and keep the data', ['down']).action(
    async () => {
      const { config, out } = createApp();
      const stopped = await downStack({ config, onStep: out.step });
      out.result(
        { stopped },
        stopped ? 'Stopped servers and workers.' : `No stack is running on ${config.dataDir}.`,
      );
    },
  );
}

export function statusCommand(createApp: CreateApp): Command {
  return newCommand('status', 'show servers and workers with their addresses and start times', [
    'status',
    'status --json',
  ]).action(() => showStatus(createApp()));
}

async function showStatus({ config, out }: App): Promise<void> {
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
