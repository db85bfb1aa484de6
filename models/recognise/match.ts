import type { Size } from '../../domain/result/detection.js';
import type { ModelInput } from '../../domain/model/model-manifest.js';
import type { ModelOutput } from '../../domain/model/model-output.js';
import type { OnnxFacts } from '../onnx/onnx-file.js';
import type { Answers } from './findings.js';
import type { Head } from './output-head.js';
import type { Convention } from './preprocessing-presets.js';

/** What is known before the outputs are matched. */
export interface Clues {
  readonly facts: OnnxFacts;
  readonly classCount: number;
  /** Whether the first label is the background class. */
  readonly hasBackground: boolean;
  /** Input size in pixels. */
  readonly size: Size;
  readonly dtype: ModelInput['dtype'];
  readonly answers: Answers;
  /** The box output, for a model that has one row of values per box. */
  readonly head?: Head;
  /** Whether a second input takes the input size. */
  readonly takesSize: boolean;
}

/** One way to decode the outputs that fits their shapes and names. */
export interface Match {
  readonly output: ModelOutput;
  /** Reason for the match, to complete "because ...". */
  readonly because: string;
  /** Preprocessing of the family, if the match determines it. */
  readonly convention?: Convention;
}
