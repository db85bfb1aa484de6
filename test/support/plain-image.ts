import sharp from 'sharp';

/** A PNG of one colour, which depends on the number. */
export function plainImage(number: number): Promise<Buffer> {
  const background = { r: (number * 7) % 256, g: (number * 31) % 256, b: (number * 101) % 256 };
  return sharp({ create: { width: 16, height: 12, channels: 3, background } })
    .png()
    .toBuffer();
}
