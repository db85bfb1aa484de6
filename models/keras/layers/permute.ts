/**
 * Reorders the dimensions of a tensor.
 * @example permute(kernel, [3, 3, 8, 16], [3, 2, 0, 1]) // { dims: [16, 8, 3, 3], values }
 */
export function permute(
  values: Float32Array,
  shape: readonly number[],
  order: readonly number[],
): { readonly dims: readonly number[]; readonly values: Float32Array } {
  const dims = order.map((axis) => shape[axis]!);
  const strides = order.map((axis) => shape.slice(axis + 1).reduce((a, b) => a * b, 1));
  const permuted = new Float32Array(values.length);
  const position = dims.map(() => 0);
  for (let target = 0, source = 0; target < values.length; target++) {
    permuted[target] = values[source]!;
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      source += strides[axis]!;
      if (++position[axis]! < dims[axis]!) break;
      source -= strides[axis]! * dims[axis]!;
      position[axis] = 0;
    }
  }
  return { dims, values: permuted };
}
