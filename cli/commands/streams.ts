import { type Command, Option } from 'commander';
import type { EventPageOptions, Stream, Streams, VidetteClient } from '../../client/index.js';
import type { App } from '../app.js';
import {
  addExamples,
  type CreateApp,
  type DefineCommand,
  newCommand,
  setExitCode,
  withServers,
} from '../command.js';
import { toCount } from '../detection-options.js';
import { toTime } from '../duration.js';
import { EXIT } from '../exit-codes.js';
import { parseChange } from '../streams/parse-change.js';
import type { ResultsFlags } from '../streams/run-results.js';
import {
  formatAccount,
  formatEvents,
  formatPassages,
  formatStream,
  formatStreams,
} from '../streams/stream-text.js';

const UUID = '5f0c2d5e-6f0e-4b7a-9b57-0d5f3d1a2b3c';
const DAY_S = 86_400;

export const defineStreams: DefineCommand = (streams, { createApp }) => {
  addExamples(
    streams,
    'streams try',
    'streams deploy messages.jsonl',
    'streams results --follow',
    `streams account ${UUID} --check`,
  );
  const commands = [tryCommand, deployCommand, resultsCommand, listCommand, showCommand];
  for (const create of [
    ...commands,
    accountCommand,
    eventsCommand,
    zonesCommand,
    configureCommand,
  ]) {
    streams.addCommand(create(createApp));
  }
  for (const [name, description] of CHANGES) {
    streams.addCommand(changeCommand(createApp, name, description));
  }
  streams.addCommand(removeCommand(createApp));
};

/** Runs `work` with a client of the servers in use. */
async function onClient(
  createApp: CreateApp,
  work: (app: App, client: VidetteClient) => Promise<void>,
): Promise<void> {
  const app = await createApp();
  await withServers(app, ({ client }) => work(app, client));
}

function tryCommand(createApp: CreateApp): Command {
  return newCommand(
    'try',
    'start a demonstration camera from the sample video, and show its rows',
    ['streams try'],
  )
    .option('--exit', 'stop when the camera is live')
    .action(async (flags: { readonly exit?: boolean }) => {
      const { tryStream } = await import('../streams/try-stream.js');
      await tryStream(await createApp(), flags);
    });
}

function deployCommand(createApp: CreateApp): Command {
  return newCommand('deploy', 'start scenarios from messages of the topic to_deploy', [
    'streams deploy messages.jsonl',
    'streams deploy -',
  ])
    .argument('[file]', 'file with one JSON object per line; "-" is standard input', '-')
    .action(async (file: string) => {
      const { runDeploy } = await import('../streams/run-deploy.js');
      await onClient(createApp, (app, client) => runDeploy(app, client, file));
    });
}

function resultsCommand(createApp: CreateApp): Command {
  return newCommand('results', 'print rows as JSON lines, each once and in order', [
    `streams results ${UUID}`,
    'streams results --follow',
    'streams results --follow --from-beginning --offsets results.offsets',
  ])
    .argument('[scenarios...]', 'scenario_uuids (default: all, with --follow)')
    .option('-f, --follow', 'continue with new rows until Ctrl-C')
    .option('--from-beginning', 'with --follow: start with the first row (default: new rows)')
    .option('--offsets <file>', 'with --follow: continue after the rows of the last run')
    .option('--after <n>', 'only rows after this number', toCount)
    .option('--from <time>', 'only rows since a date, or a duration ago such as 2h', time)
    .option('--to <time>', 'only rows before a date, or a duration ago such as 1h', time)
    .option('--gaps', 'print times without rows as well')
    .option('--details', 'print lag, camera time and model of each row as well')
    .action(async (uuids: string[], flags: ResultsFlags) => {
      const { runResults } = await import('../streams/run-results.js');
      await onClient(createApp, (app, client) => runResults(app, client, uuids, flags));
    });
}

const time = (text: string) => toTime(text);

function listCommand(createApp: CreateApp): Command {
  return newCommand('ls', 'list scenarios with their state, newest first', ['streams ls --json'])
    .option('--limit <n>', 'maximum number of scenarios', toCount, 100)
    .action(async ({ limit }: { readonly limit: number }) => {
      await onClient(createApp, async ({ out }, client) => {
        const { streams } = await client.streams.list({ limit });
        out.result(streams, formatStreams(streams));
      });
    });
}

function showCommand(createApp: CreateApp): Command {
  return newCommand('show', 'show a scenario with its state and parameters', [
    `streams show ${UUID}`,
  ])
    .argument('<scenario>', 'scenario_uuid')
    .action(async (uuid: string) => {
      await onClient(createApp, async (app, client) => show(app, await client.streams.get(uuid)));
    });
}

function show({ out }: App, stream: Stream): void {
  out.result(stream, formatStream(stream));
}

interface AccountFlags {
  readonly from?: Date;
  readonly to?: Date;
  readonly check?: boolean;
}

function accountCommand(createApp: CreateApp): Command {
  return newCommand('account', 'account for each second: seen, or a gap with its reason', [
    `streams account ${UUID}`,
    `streams account ${UUID} --from 30d --check`,
  ])
    .argument('<scenario>', 'scenario_uuid')
    .option('--from <time>', 'since a date, or a duration ago such as 7d (default: 1d)', time)
    .option('--to <time>', 'before a date, or a duration ago (default: the end of the log)', time)
    .option('--check', 'fail if a second is not accounted for exactly once')
    .action(async (uuid: string, { from, to, check }: AccountFlags) => {
      await onClient(createApp, async ({ out, signal }, client) => {
        const start = from ?? new Date((to?.getTime() ?? Date.now()) - 1000 * DAY_S);
        const account = await client.streams.account(uuid, { from: start, to, signal });
        out.result(account, formatAccount(account));
        if (check && account.problems.length > 0) setExitCode(EXIT.FAILED);
      });
    });
}

interface EventFlags {
  readonly kind?: EventPageOptions['kind'];
  readonly limit: number;
  readonly from?: Date;
  readonly to?: Date;
}

function eventsCommand(createApp: CreateApp): Command {
  return newCommand('events', 'list events of a scenario, newest first', [
    `streams events ${UUID} --from 1d`,
    `streams events ${UUID} --kind zone`,
  ])
    .argument('<scenario>', 'scenario_uuid')
    .addOption(
      new Option('--kind <kind>', 'only events of rules, or passages of zones').choices([
        'rule',
        'zone',
      ]),
    )
    .option('--limit <n>', 'maximum number of events', toCount, 50)
    .option('--from <time>', 'only events since a date, or a duration ago such as 1d', time)
    .option('--to <time>', 'only events before a date, or a duration ago', time)
    .action(async (uuid: string, { kind, limit, from, to }: EventFlags) => {
      await onClient(createApp, async ({ out }, client) => {
        const { events } = await client.streams.events(uuid, { kind, limit, from, to });
        out.result(events, formatEvents({ events }));
      });
    });
}

function zonesCommand(createApp: CreateApp): Command {
  return newCommand('zones', 'count the passages of zones and lines of a scenario by minute', [
    `streams zones ${UUID} --from 2h`,
  ])
    .argument('<scenario>', 'scenario_uuid')
    .option('--from <time>', 'since a date, or a duration ago such as 2h (default: 1d)', time)
    .option('--to <time>', 'before a date, or a duration ago (default: now)', time)
    .action(async (uuid: string, range: Pick<EventFlags, 'from' | 'to'>) => {
      await onClient(createApp, async ({ out }, client) => {
        const counts = await client.streams.zones(uuid, range);
        out.result(counts, formatPassages(counts));
      });
    });
}

function configureCommand(createApp: CreateApp): Command {
  return newCommand('configure', 'change parameters of a running scenario', [
    `streams configure ${UUID} '{"fps": 5, "classes": null}'`,
  ])
    .argument('<scenario>', 'scenario_uuid')
    .argument('<changes>', 'JSON object with new values; null removes a parameter')
    .action(async (uuid: string, changes: string) => {
      const change = parseChange(changes);
      await onClient(createApp, async (app, client) =>
        show(app, await client.streams.configure(uuid, change)),
      );
    });
}

type Change = keyof Pick<Streams, 'pause' | 'resume' | 'stop'>;

const CHANGES: readonly (readonly [name: Change, description: string])[] = [
  ['pause', 'close the camera of a scenario and free its slot until it is resumed'],
  ['resume', 'watch the camera of a paused scenario again'],
  ['stop', 'end a scenario and keep its rows'],
];

function changeCommand(createApp: CreateApp, name: Change, description: string): Command {
  return newCommand(name, description, [`streams ${name} ${UUID}`])
    .argument('<scenario>', 'scenario_uuid')
    .action(async (uuid: string) => {
      await onClient(createApp, async (app, client) => show(app, await client.streams[name](uuid)));
    });
}

function removeCommand(createApp: CreateApp): Command {
  return newCommand('rm', 'stop a scenario and delete its rows, clips and events', [
    `streams rm ${UUID}`,
  ])
    .argument('<scenario>', 'scenario_uuid')
    .action(async (uuid: string) => {
      await onClient(createApp, async ({ out }, client) => {
        out.step(`stopping and deleting ${uuid}`, 'transient');
        await client.streams.delete(uuid);
        out.result({ deleted: uuid }, `Deleted ${uuid}.`);
      });
    });
}
