import picocolors from 'picocolors';

const { createColors, isColorSupported } = picocolors;

/** Colours are for terminals: a pipe and a log get none, also where CI is taken for one. */
function colorsFor(stream: { readonly isTTY?: boolean }) {
  return createColors(isColorSupported && stream.isTTY === true);
}

export const outColors = colorsFor(process.stdout);
export const errorColors = colorsFor(process.stderr);
