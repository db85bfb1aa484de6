import type { Size } from '../../domain/result/detection.js';
import type { MasksOutput } from '../../domain/model/model-output.js';
import type { OnnxFacts, OnnxTensor } from '../onnx/onnx-file.js';

/** The box output of a model and, if it segments, its mask prototypes. */
export interface Head {
  readonly rows: OnnxTensor;
  readonly masks?: MasksOutput;
}

const ROWS_RANK = 3;
const PROTOTYPES_RANK = 4;

/** Returns the outputs of a model with one row of values per box; undefined for other models. */
export function headOf({ outputs }: OnnxFacts, input: Size): Head | undefined {
  const rows = outputs.filter(({ dims }) => dims.length === ROWS_RANK);
  if (rows.length !== 1) return undefined;
  if (outputs.length === 1) return { rows: rows[0]! };
  const prototypes = outputs.find((output) => arePrototypes(output, input));
  const coefficients = prototypes?.dims[1];
  if (!prototypes || outputs.length > 2 || typeof coefficients !== 'number') return undefined;
  return { rows: rows[0]!, masks: { tensor: prototypes.name, coefficients } };
}

/** Whether an output has planes over the whole input at a lower resolution. */
function arePrototypes({ dims }: OnnxTensor, { width, height }: Size): boolean {
  if (dims.length !== PROTOTYPES_RANK) return false;
  const [, , rows, columns] = dims;
  const divides = (side: number | string | undefined, whole: number) =>
    typeof side === 'string' || (side !== undefined && whole % side === 0);
  return divides(rows, height) && divides(columns, width);
}

/** @example describeMasks({ tensor: 'output1', coefficients: 32 }) // ', 32 mask coefficients' */
export function describeMasks(masks: MasksOutput | undefined): string {
  return masks ? `, ${masks.coefficients} mask coefficients` : '';
}
