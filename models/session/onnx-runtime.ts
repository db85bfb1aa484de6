import './disable-telemetry.js';

/** ONNX Runtime without telemetry. No other module may import its package, apart from types. */
export { InferenceSession, Tensor } from 'onnxruntime-node';
