import { readdirSync, readFileSync } from 'node:fs';
import {
  bundleWorkflowCode,
  DefaultLogger,
  makeTelemetryFilterString,
  Runtime,
  Worker,
} from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, describe, expect, it } from 'vitest';
import { projectFile } from '../../platform/package-root.js';
import * as workflows from '../../workflows/index.js';
import { readHistory, telling, workflowTypeOf } from '../support/histories.js';

const FOLDER = projectFile('test/fixtures/histories');
const NAMES = readdirSync(FOLDER).map((name) => name.replace(/\.json$/, ''));
const EXPECTED = [
  ...['ready-objects', 'ready-packed', 'ready-none', 'cancelled', 'failed', 'terminated', 'reset'],
  ...['tracked', 'derived', 'derived-tracked', 'notifying', 'webhook', 'indexed'],
  ...['alerting', 'alert', 'pruned-all'],
  ...['continued-first', 'continued-last', 'worker-killed', 'frames-lost', 'batch'],
  ...['deleted', 'deleted-running', 'deleted-terminated', 'deletion-kept'],
  ...['pruned', 'pruned-frames', 'pruned-rescorings', 'rescored', 'reel', 'reel-no-difference'],
  ...['annotated', 'preview', 'sprite', 'clip'],
  ...['images-ready', 'images-failed', 'images-cancelled'],
  ...['images-continued-first', 'images-continued-last'],
  ...['retrained-promoted', 'retrained-by-rule', 'retrained-undecided', 'retrained-not-enough'],
  ...['retrained-scheduled', 'retrained-elsewhere', 'retrained-rejected'],
  ...['stream-ended', 'stream-controlled', 'stream-day', 'stream-cancelled', 'stream-failed'],
  'stream-control',
];
/** Start of the history of a job. */
const JOB = '"workflowExecutionStartedEventAttributes":{"workflowType":{"name":"VideoDetection"}';
const logger = new DefaultLogger('ERROR', () => undefined);

const textOf = (name: string) => readFileSync(`${FOLDER}/${name}.json`, 'utf8');

beforeAll(() => {
  const filter = makeTelemetryFilterString({ core: 'ERROR' });
  Runtime.install({ logger, telemetryOptions: { logging: { filter, forward: {} } } });
});

describe('recorded histories', () => {
  it('exist for each course of a job, a deletion, a reel, a batch, a retraining, a rescoring and a scenario', () => {
    expect(NAMES.sort()).toEqual(EXPECTED.sort());
  });

  it('exist for each workflow', () => {
    const recorded = new Set(NAMES.map((name) => workflowTypeOf(readHistory(textOf(name)))));
    expect([...recorded].sort()).toEqual(Object.keys(workflows).sort());
  });

  it.each(NAMES)('contain no details of the machine that recorded them: %s', (name) => {
    expect(telling(textOf(name))).toEqual([]);
    expect(textOf(name)).not.toMatch(/"identity":"(?!worker")/);
  });

  // What fails here would stop running jobs when it is deployed: see CONTRIBUTING.md.
  // Without spans and with them: tracing is switched on and off under running jobs.
  it.each(['workflow-bundle', 'workflow-bundle-traced'])('replay on dist/%s.js', async (bundle) => {
    const workflowBundle = { codePath: projectFile(`dist/${bundle}.js`) };
    expect(await replay(workflowBundle)).toEqual(NAMES.map((name) => [name, undefined]));
  });

  // The build before the first that counts the frames on which the model failed.
  it('replay if ranges were completed by a build that did not count failed frames', async () => {
    const workflowBundle = { codePath: projectFile('dist/workflow-bundle.js') };
    const results = await replay(workflowBundle, withoutFailed);
    expect(results).toEqual(NAMES.map((name) => [name, undefined]));
  });

  it('do not replay on a workflow with other activities', async () => {
    const workflowsPath = projectFile('test/support/incompatible-workflow.ts');
    const results = await replay(await bundleWorkflowCode({ workflowsPath, logger }));
    for (const [, error] of results) expect(error).toBeInstanceOf(DeterminismViolationError);
    expect(results).toHaveLength(NAMES.length);
  });
});

type Bundle = Awaited<ReturnType<typeof bundleWorkflowCode>> | { readonly codePath: string };

async function replay(
  workflowBundle: Bundle,
  change: (text: string) => string = (text) => text,
): Promise<(readonly [string, Error | undefined])[]> {
  const histories = NAMES.map((name) => ({
    workflowId: `video-detection/${name}`,
    history: readHistory(change(textOf(name))),
  }));
  const results: (readonly [string, Error | undefined])[] = [];
  const replays = Worker.runReplayHistories({ workflowBundle }, histories);
  for await (const { workflowId, error } of replays) {
    results.push([workflowId.replace('video-detection/', ''), error]);
  }
  return results;
}

/**
 * Removes `failed` from the results of ranges and from the counts that a run of a job carries on.
 * Batches of images have counted theirs in all builds.
 */
function withoutFailed(history: string): string {
  if (!history.includes(JOB)) return history;
  return history.replaceAll(/"data":"([^"]*)"/g, (_, data: string) => {
    const text = Buffer.from(data, 'base64').toString('utf8');
    const changed = text.replaceAll(/"failed":\d+,/g, '');
    return `"data":"${Buffer.from(changed).toString('base64')}"`;
  });
}
