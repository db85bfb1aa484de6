export { preparePython } from '../../bench/python-environment.js';
