import { testDamage } from '../camera/damage-suite.js';

testDamage('h264');
