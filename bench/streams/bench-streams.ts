import { writeFile } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { readConfig } from '../../config/index.js';
import { toCameraKind } from '../cameras/bench-camera.js';
import { clipFolder, clipPath } from '../clips.js';
import { type OwnStack, withOwnStack } from '../own-stack.js';
import { chooseModel } from '../choose-model.js';
import { print, silently } from '../print.js';
import { row } from '../report.js';
import { type CamerasRun, measureCameras } from './measure-cameras.js';
import { deploy, LOOPBACK, waitUntilLive, withCameras } from './scenarios.js';
import { measurePeers, type StreamPeers } from './stream-peers.js';

/** Time from the last camera to the measurement. */
const WARM_UP_MS = 15_000;

function readOptions(args: string[]) {
  return parseArgs({
    args,
    options: {
      counts: { type: 'string', default: '1,2,4' },
      seconds: { type: 'string', default: '60' },
      kind: { type: 'string', default: 'rtsp' },
      size: { type: 'string', default: '1920x1080' },
      fps: { type: 'string', default: '2' },
      gate: { type: 'string', default: 'off' },
      clip: { type: 'string' },
      json: { type: 'string' },
      peers: { type: 'boolean', default: true },
    },
    allowNegative: true,
  }).values;
}

/**
 * Measures growing numbers of cameras until frames are dropped, and what ffmpeg alone and a loop in
 * Python cost for one of them.
 */
export async function benchStreams(args: string[]): Promise<void> {
  const options = readOptions(args);
  const config = readConfig();
  const kind = toCameraKind(options.kind);
  const { gate } = options;
  const [fps, seconds] = [Number(options.fps), Number(options.seconds)];
  const counts = options.counts.split(',').map(Number);
  const video = { clip: clipPath(options.clip, config), folder: clipFolder(config) };
  const runs: CamerasRun[] = [];
  await withCameras([kind], { ...video, size: options.size }, async (cameras) => {
    const { url } = cameras.get(kind)!;
    const settings = { ...LOOPBACK, MAX_WORKERS: String(Math.max(...counts)) };
    const measure = async (stack: OwnStack) => {
      const uuids: string[] = [];
      for (const count of counts) {
        while (uuids.length < count) uuids.push(await deploy(stack, url, { fps, gate }));
        for (const uuid of uuids) await waitUntilLive(stack, uuid);
        await sleep(WARM_UP_MS);
        const run = await measureCameras(stack, uuids, seconds);
        runs.push(run);
        print(formatRun(run));
        if (run.gaps['overload']) break;
      }
    };
    await withOwnStack(silently, measure, settings);
    const { path } = await chooseModel({}, config);
    const peerOptions = { fps, seconds, cacheDir: config.cacheDir };
    const peers = options.peers ? await measurePeers(url, path, peerOptions) : undefined;
    if (peers) print(formatPeers(peers));
    if (options.json) await writeFile(options.json, JSON.stringify({ runs, peers }, null, 2));
  });
  const held = runs.filter(({ gaps }) => !gaps['overload']).at(-1)?.cameras ?? 0;
  print(`without overload: ${held} cameras`);
}

function formatRun({ cameras, fps, gaps, made, received, cores }: CamerasRun): string {
  const percent = (part: number) => `${((100 * part) / cameras).toFixed(1)} %`;
  const parts = Object.entries(cores)
    .filter(([, used]) => used >= 0.001)
    .map(([part, used]) => row(`  ${part}`, percent(used)));
  const total = Object.values(cores).reduce((sum, used) => sum + used, 0);
  const ms = ({ p50, p95 }: CamerasRun['made']) =>
    `p50 ${p50.toFixed(0)}, p95 ${p95.toFixed(0)} ms`;
  const lost = Object.entries(gaps).map(([reason, s]) => `${reason} ${s.toFixed(1)} s`);
  return [
    `\n${cameras} cameras, load ${loadavg()[0]!.toFixed(1)}: ${fps.toFixed(2)} rows per second each`,
    `  gaps: ${lost.join(', ') || 'none'}`,
    `  arrival to row: ${ms(made)}; to its follower: ${ms(received)}`,
    row('  CPU per camera, of a core', percent(total)),
    ...parts,
  ].join('\n');
}

function formatPeers({ ffmpeg, python }: StreamPeers): string {
  const percent = (used: number | undefined) =>
    used === undefined ? '-' : `${(100 * used).toFixed(1)} %`;
  return [
    '\none camera, CPU of a core',
    row('  ffmpeg alone, decoding', percent(ffmpeg)),
    row('  OpenCV and ONNX Runtime', percent(python)),
  ].join('\n');
}
