import { readConfig } from '../../config/index.js';
import { findGoProgram, type GoProgram } from '../../stack/tools/go-program.js';
import { createToolContext } from '../../stack/tools/tool-context.js';

const FAULT_CAMERA: GoProgram = {
  name: 'fault-camera',
  folder: 'bench/cameras/fault-camera',
  package: '.',
  check: { args: ['-h'], expects: /-redirect/ },
  takes: '20 seconds, 11 MB',
};

const GO2RTC: GoProgram = {
  name: 'go2rtc',
  folder: 'test/camera/go2rtc',
  package: 'github.com/AlexxIT/go2rtc',
  check: { args: ['-version'], expects: /go2rtc version 1\.9\.9/ },
  takes: 'a minute, 17 MB',
};

/** Paths of the camera servers, which are built on their first use. */
export const findFaultCamera = () => find(FAULT_CAMERA);
export const findGo2rtc = () => find(GO2RTC);

const find = (program: GoProgram) =>
  findGoProgram(program, createToolContext({ config: readConfig(), onStep: console.log }));
