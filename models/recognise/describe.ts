import type { OnnxTensor } from '../onnx/onnx-file.js';

/** Lists tensors for messages. @example describeTensors([{ name: 'x', type: 'float32', dims: [1, 6] }]) // 'x float32 [1, 6]' */
export function describeTensors(tensors: readonly OnnxTensor[]): string {
  const each = tensors.map(({ name, type, dims }) => `${name} ${type} [${dims.join(', ')}]`);
  return each.join(', ') || 'none';
}
