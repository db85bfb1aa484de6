import { readConfig } from '../../config/index.js';
import { projectFile } from '../../platform/package-root.js';
import { type Check } from '../../stack/tools/executables.js';
import { findTool } from '../../stack/tools/find-tool.js';
import { fromGo } from '../../stack/tools/go-build.js';
import { hashOfFolder } from '../../stack/tools/hash-of-folder.js';
import { fromCache } from '../../stack/tools/sources.js';
import { createToolContext } from '../../stack/tools/tool-context.js';

interface Program {
  readonly name: string;
  /** Folder of its `go.mod`. */
  readonly folder: string;
  readonly package: string;
  readonly check: Check;
  readonly takes: string;
}

const FAULT_CAMERA: Program = {
  name: 'fault-camera',
  folder: 'bench/cameras/fault-camera',
  package: '.',
  check: { args: ['-h'], expects: /-redirect/ },
  takes: '20 seconds, 11 MB',
};

const GO2RTC: Program = {
  name: 'go2rtc',
  folder: 'test/camera/go2rtc',
  package: 'github.com/AlexxIT/go2rtc',
  check: { args: ['-version'], expects: /go2rtc version 1\.9\.9/ },
  takes: 'a minute, 17 MB',
};

/** Paths of the camera servers, which are built on their first use. */
export const findFaultCamera = () => find(FAULT_CAMERA);
export const findGo2rtc = () => find(GO2RTC);

async function find({ name, check, takes, ...program }: Program): Promise<string> {
  const context = createToolContext({ config: readConfig(), onStep: console.log });
  const folder = projectFile(program.folder);
  const fileName = `${name}-${hashOfFolder(folder)}`;
  const { binDir, onStep, config } = context;
  const build = fromGo({
    ...{ kind: name, target: { folder, title: name, package: program.package } },
    ...{ fileName, check, takes, binDir, searchPath: config.tools.searchPath, onStep },
  });
  const tool = {
    name,
    lookups: [fromCache(binDir, fileName, name, check)],
    installs: [build],
    manualSteps: 'install Go 1.24 or newer (https://go.dev/dl) and try again.',
  };
  return (await findTool(tool, context)).path;
}
