import sharp, { type Sharp } from 'sharp';

/**
 * Returns an image without its alpha channel, like OpenCV: the colours of transparent pixels stay.
 * Resizing an image with alpha would multiply its colours by it, and `removeAlpha` applies after that.
 * @param open opens the image.
 */
export async function withoutAlpha(open: () => Sharp, hasAlpha: boolean): Promise<Sharp> {
  if (!hasAlpha) return open();
  const image = open().removeAlpha().toColourspace('srgb').raw();
  const { data, info } = await image.toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return sharp(data, { raw: { width, height, channels }, limitInputPixels: false });
}
