import { testFaults } from '../camera/fault-suite.js';

testFaults('h264');
