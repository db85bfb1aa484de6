import { GO2RTC } from '../camera/go2rtc.js';
import { testServer } from '../camera/server-suite.js';

testServer(GO2RTC, 'h264');
testServer(GO2RTC, 'h265');
