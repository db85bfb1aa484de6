import { parseSearch } from '../../domain/search/parse-search.js';
import { addExamples, type DefineCommand, setExitCode, withServers } from '../command.js';
import { toCount, toNumber } from '../detection-options.js';
import { toTime } from '../duration.js';
import { EXIT } from '../exit-codes.js';
import { formatCount } from '../format.js';
import { formatSightings } from '../sightings-text.js';

interface FindFlags {
  readonly class?: string;
  readonly conf?: number;
  readonly video?: string;
  readonly job?: string;
  readonly camera?: string;
  readonly since?: Date;
  readonly before?: Date;
  readonly limit: number;
  readonly cursor?: string;
}

export const defineFind: DefineCommand = (command, { createApp }) => {
  addExamples(
    command,
    'find "dog over 0.5 this week"',
    'find --class person --conf 0.8 --since 2d',
    'find --job cars-0f3a2b1c9d8e-5d1f0c7a9b3e --json',
  )
    .option('--class <class>', 'only of this class')
    .option('--conf <n>', 'only with this confidence or a higher one, 0 to 1', toNumber)
    .option('--video <id>', 'only in this video')
    .option('--job <id>', 'only of this job')
    .option('--camera <uuid>', 'only of the scenario of this camera')
    .option('--since <time>', 'only since a date, or a duration ago such as 2h or 7d', (text) =>
      toTime(text),
    )
    .option('--before <time>', 'only before a date, or a duration ago', (text) => toTime(text))
    .option('--limit <n>', 'maximum number of sightings, up to 100', toCount, 20)
    .option('--cursor <text>', 'continue after the page that reported this cursor')
    .action(async (words: readonly string[], flags: FindFlags) => {
      const search = parseSearch(words.join(' '), new Date());
      const { class: className, conf: minConf, video: videoId, job: eventId } = flags;
      const { camera: scenarioUuid, since: from, before: to, limit, cursor } = flags;
      const given = { className, minConf, videoId, eventId, scenarioUuid, from, to };
      const named = Object.entries(given).filter(([, value]) => value !== undefined);
      const app = await createApp();
      const options = { ...search, ...Object.fromEntries(named), limit, cursor };
      const page = await withServers(app, ({ client }) => client.findSightings(options));
      app.out.result(page, formatSightings(page));
    });
};

interface IndexFlags {
  readonly all?: boolean;
}

export const defineIndex: DefineCommand = (command, { createApp }) => {
  addExamples(command, 'index')
    .option('--all', 'index all ended jobs again')
    .action(async ({ all = false }: IndexFlags) => {
      const app = await createApp();
      app.out.step('indexing (continues in the background after Ctrl-C)');
      const { signal } = app;
      const counts = await withServers(app, ({ client }) => client.indexJobs({ all }, { signal }));
      const { indexed, skipped, failed } = counts;
      const lines = [
        `Indexed ${formatCount(indexed, 'job')}.`,
        ...(skipped > 0 ? [`Skipped ${formatCount(skipped, 'job')} without a result.`] : []),
        ...(failed > 0 ? [`Failed for ${formatCount(failed, 'job')}. Run the command again.`] : []),
      ];
      app.out.result(counts, lines.join('\n'));
      if (failed > 0) setExitCode(EXIT.FAILED);
    });
};
