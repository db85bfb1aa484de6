import picocolors from 'picocolors';

const { createColors, isColorSupported } = picocolors;

/** Enables colours only for a terminal, even if CI is detected as one that supports them. */
function colorsFor(stream: { readonly isTTY?: boolean }) {
  return createColors(isColorSupported && stream.isTTY === true);
}

export const outColors = colorsFor(process.stdout);
export const errorColors = colorsFor(process.stderr);
