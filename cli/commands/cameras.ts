import type { Command } from 'commander';
import type { Camera } from '../../client/index.js';
import {
  addExamples,
  type CreateApp,
  type DefineCommand,
  newCommand,
  withServers,
} from '../command.js';
import { formatTable, formatTime } from '../format.js';
import { formatCameraTest } from '../streams/camera-text.js';
import { readCameraUrl, type UrlFlags } from '../streams/read-camera-url.js';

export const defineCameras: DefineCommand = (cameras, { createApp }) => {
  addExamples(
    cameras,
    'cameras add gate-north rtsp://10.0.0.7/stream1 --username viewer',
    'cameras test gate-north',
    'cameras ls',
  );
  cameras.addCommand(addCommand(createApp));
  cameras.addCommand(listCommand(createApp));
  cameras.addCommand(testCommand(createApp));
  cameras.addCommand(removeCommand(createApp));
};

function addCommand(createApp: CreateApp): Command {
  return newCommand('add', 'add a camera, or change its URL, which is stored sealed', [
    'cameras add gate-north rtsp://10.0.0.7/stream1 --username viewer',
    'cameras add gate-north < url.txt',
  ])
    .argument('<id>', 'camera_id to give to scenarios')
    .argument('[url]', 'URL without secrets (default: read from standard input)')
    .option('--username <name>', 'user name; the password is read from standard input')
    .action(async (id: string, url: string | undefined, flags: UrlFlags) => {
      const app = await createApp();
      const secret = await readCameraUrl(app, url, flags);
      const camera = await withServers(app, ({ client }) =>
        client.cameras.add({ camera_id: id, ...secret }),
      );
      app.out.result(camera, formatCameras([camera]));
    });
}

function listCommand(createApp: CreateApp): Command {
  return newCommand('ls', 'list cameras, without their URLs', ['cameras ls --json']).action(
    async () => {
      const app = await createApp();
      const cameras = await withServers(app, ({ client }) => client.cameras.list());
      app.out.result(cameras, formatCameras(cameras));
    },
  );
}

function testCommand(createApp: CreateApp): Command {
  return newCommand('test', 'read a camera for some seconds and describe what it sends', [
    'cameras test gate-north',
  ])
    .argument('<id>', 'camera_id')
    .action(async (id: string) => {
      const { runCameraTest } = await import('../streams/run-camera-test.js');
      const app = await createApp();
      const tested = await withServers(app, (servers) => runCameraTest(app, servers, id));
      app.out.result(tested, formatCameraTest(tested));
    });
}

function removeCommand(createApp: CreateApp): Command {
  return newCommand('rm', 'remove a camera that no running scenario uses', [
    'cameras rm gate-north',
  ])
    .argument('<id>', 'camera_id')
    .action(async (id: string) => {
      const app = await createApp();
      await withServers(app, ({ client }) => client.cameras.remove(id));
      app.out.result({ removed: id }, `Removed camera ${id}.`);
    });
}

function formatCameras(cameras: readonly Camera[]): string {
  if (cameras.length === 0) return 'No cameras. Add one with: vidette cameras add ID URL';
  const rows = cameras.map(({ camera_id, camera, scenario_uuid, updated_at }) => [
    ...[camera_id, camera, scenario_uuid ?? '-', formatTime(updated_at)],
  ]);
  return formatTable([['CAMERA', 'HOST', 'OF SCENARIO', 'CHANGED'], ...rows]);
}
