import { execa } from 'execa';
import { expect, test } from 'vitest';
import { projectFile } from '../../../platform/package-root.js';
import { type CliCase, expectOneError } from './case.js';

/** Settings, logs and wrong usage; these change nothing. */
export function testUsage(cli: () => CliCase): void {
  test('uses the servers of TEMPORAL_ADDRESS although a local stack runs', async () => {
    const env = { ...cli().vidette.env, TEMPORAL_ADDRESS: '127.0.0.1:1' };
    const options = { cwd: cli().vidette.folder, env, extendEnv: false, reject: false };
    const main = projectFile('dist/cli/main.js');
    const commands = [['jobs'], ['detect', 'My clip.mp4']];
    const run = (args: string[]) => execa(process.execPath, [main, ...args], options);
    for (const { exitCode, stdout, stderr } of await Promise.all(commands.map(run))) {
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
      expect(stderr).toContain('TEMPORAL_ADDRESS selects the servers of 127.0.0.1:1');
    }
  });

  test('shows logs, and the URL of the page without a terminal', async () => {
    const [logs, { api }, opened] = await Promise.all([
      cli().vidette.json('logs', 'api', '--lines', '2'),
      cli().statusOf(),
      cli().vidette.json('open'),
    ]);
    expect(logs).toEqual({ api: [expect.any(String), expect.any(String)] });
    expect(opened).toEqual({ url: `${api.ui}/#/jobs`, opened: false });
  });

  // These change nothing, so they run concurrently.
  test.concurrent.each([
    ['a value out of range', ['detect', 'My clip.mp4', '--every', '0'], 'every'],
    ['a value that is not a number', ['detect', 'My clip.mp4', '--conf', 'high'], 'conf'],
    ['an unknown device', ['detect', 'My clip.mp4', '--device', 'tpu'], 'tpu'],
    ['an unknown option', ['detect', 'My clip.mp4', '--evry', '2'], '--evry'],
    ['a missing file', ['detect', './nothing.mp4'], 'nothing.mp4'],
    ['a pattern without a match', ['detect', 'nothing/*.mp4'], 'nothing/*.mp4'],
    [
      'one event_id for two videos',
      ['detect', 'My clip.mp4', 'one', '--event-id', 'x'],
      '--event-id',
    ],
    ['an unknown service', ['logs', 'nginx'], 'nginx'],
    ['an unknown job', ['job', 'missing'], 'missing'],
    ['an unknown batch', ['batch', 'missing'], 'missing'],
    ['a retry with a cancellation', ['batch', 'b', '--retry', '--cancel'], '--cancel'],
    [
      'a schedule with a fixed event_id',
      [
        ...['schedule', 'create', 'My clip.mp4', '--id', 'fixed', '--cron', '0 3 * * *'],
        ...['--event-id', 'mine'],
      ],
      'event_id',
    ],
  ])('rejects %s as invalid usage', async (_, args, named) => {
    const ended = await cli().vidette.run(...args);
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    expectOneError(ended);
    expect(ended.stderr).toContain(named);
  });
}
