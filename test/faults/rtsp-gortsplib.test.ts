import { FAULT_CAMERA } from '../camera/fault-camera.js';
import { testServer } from '../camera/server-suite.js';

testServer(FAULT_CAMERA, 'h264');
testServer(FAULT_CAMERA, 'h265');
