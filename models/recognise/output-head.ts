import type { Size } from '../../domain/result/detection.js';
import type { MasksOutput } from '../../domain/model/model-output.js';
import type { OnnxFacts, OnnxTensor } from '../onnx/onnx-file.js';

/** One output of boxes, and beside it, of a network that segments, one of prototypes. */
export interface Head {
  readonly rows: OnnxTensor;
  readonly masks?: MasksOutput;
}

const ROWS_RANK = 3;
const PROTOTYPES_RANK = 4;

/** The outputs of a network that gives a row of values for each box; nothing for others. */
export function headOf({ outputs }: OnnxFacts, input: Size): Head | undefined {
  const rows = outputs.filter(({ dims }) => dims.length === ROWS_RANK);
  if (rows.length !== 1) return undefined;
  if (outputs.length === 1) return { rows: rows[0]! };
  const prototypes = outputs.find((output) => arePrototypes(output, input));
  const coefficients = prototypes?.dims[1];
  if (!prototypes || outputs.length > 2 || typeof coefficients !== 'number') return undefined;
  return { rows: rows[0]!, masks: { tensor: prototypes.name, coefficients } };
}

/** Planes over the whole input, of fewer pixels than it has. */
function arePrototypes({ dims }: OnnxTensor, { width, height }: Size): boolean {
  if (dims.length !== PROTOTYPES_RANK) return false;
  const [, , rows, columns] = dims;
  const divides = (side: number | string | undefined, whole: number) =>
    typeof side === 'string' || (side !== undefined && whole % side === 0);
  return divides(rows, height) && divides(columns, width);
}

/** @example inWords({ tensor: 'output1', coefficients: 32 }) // ', 32 coefficients of its mask' */
export function inWords(masks: MasksOutput | undefined): string {
  return masks ? `, ${masks.coefficients} coefficients of its mask` : '';
}
