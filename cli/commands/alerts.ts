import { InvalidArgumentError } from 'commander';
import { type AlertChannel, alertChannelSchema } from '../../domain/alert/alert-rule.js';
import { formatAlert, formatAlerts } from '../alerts-text.js';
import { addExamples, type DefineCommand, setExitCode, withServers } from '../command.js';
import { toCount } from '../detection-options.js';
import { EXIT } from '../exit-codes.js';

interface AlertsFlags {
  readonly job?: string;
  readonly stream?: string;
  readonly rule?: string;
  readonly limit: number;
  readonly cursor?: string;
  readonly test?: AlertChannel;
}

export const defineAlerts: DefineCommand = (command, { createApp }) => {
  addExamples(
    command,
    'alerts --rule person-at-door',
    'alerts --job cars-0f3a2b1c9d8e-5d1f0c7a9b3e --json',
    'alerts --test ntfy:garage-7f3k',
  )
    .option('--job <id>', 'only of this job')
    .option('--stream <uuid>', 'only of the camera of this scenario')
    .option('--rule <name>', 'only of rules with this name')
    .option('--limit <n>', 'maximum number of alerts, up to 100', toCount, 20)
    .option('--cursor <text>', 'continue after the page that reported this cursor')
    .option(
      '--test <channel>',
      'send a test to webhook:URL, ntfy:TOPIC or email:ADDRESS instead of listing',
      toChannel,
    )
    .action(async ({ test, ...options }: AlertsFlags) => {
      const app = await createApp();
      await withServers(app, async ({ client }) => {
        if (!test) {
          const page = await client.alerts.list(options);
          app.out.result(page, formatAlerts(page));
          return;
        }
        const alert = await client.alerts.test(test);
        app.out.result(alert, formatAlert(alert));
        if (alert.status !== 'sent') setExitCode(EXIT.FAILED);
      });
    });
};

const FORMS = 'expected webhook:URL, ntfy:TOPIC or email:ADDRESS';

/** @example toChannel('ntfy:garage') // { kind: 'ntfy', topic: 'garage' } */
function toChannel(text: string): AlertChannel {
  const [, kind, receiver] = /^(\w+):(.+)$/.exec(text) ?? [];
  const fields = { webhook: 'url', ntfy: 'topic', email: 'to' } as const;
  const field = Object.entries(fields).find(([name]) => name === kind)?.[1];
  const { data } = alertChannelSchema.safeParse({ kind, ...(field && { [field]: receiver }) });
  if (data) return data;
  throw new InvalidArgumentError(`Invalid channel ${JSON.stringify(text)}: ${FORMS}.`);
}
