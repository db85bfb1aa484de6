import { GSTREAMER } from '../camera/gstreamer.js';
import { testServer } from '../camera/server-suite.js';

testServer(GSTREAMER, 'h265');
