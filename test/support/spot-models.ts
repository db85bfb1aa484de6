import type { ModelInput } from '../../domain/model/model-manifest.js';
import { YOLOV8N } from '../../models/catalogue.js';
import type { InferenceSpec } from '../../models/session/inference-spec.js';

const INPUT_OVERRIDES: Readonly<Record<string, Partial<ModelInput>>> = {
  'spots-half': { dtype: 'float16' },
  'spots-bytes': { dtype: 'uint8', layout: 'nhwc', scale: 1 },
};

/** Models of the fixture that detect bright spots in frames of 64 x 64. */
export function spotModelSpec(name: string): InferenceSpec {
  const size = { width: 64, height: 64 };
  return {
    name,
    input: { ...YOLOV8N.input, ...size, tensor: 'images', ...INPUT_OVERRIDES[name] },
    output: { family: 'yolov8', orientation: 'columns', coordinates: 'pixels' },
    labels: ['spot'],
  };
}
