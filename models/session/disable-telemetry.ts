/**
 * Disables the telemetry of ONNX Runtime, which would write an id into the home folder and look up a
 * host of its vendor. The library reads the variable when it is loaded, so import this module first.
 */
// eslint-disable-next-line no-restricted-properties -- the library reads the environment itself
process.env.ORT_DISABLE_TELEMETRY = '1';
