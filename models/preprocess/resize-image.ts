import type { Sharp } from 'sharp';
import type { ContentSize } from '../../domain/model/content-size.js';
import { resample, sampledKernelOf } from './resample.js';

/**
 * Kernel of images unless the manifest names one. Measured against OpenCV's bilinear on images and
 * stored frames: all kernels take the same time (decoding dominates), and this one gives the closest
 * boxes and confidences.
 */
const KERNEL = 'lanczos3';

/** Decodes an image and resizes it: interleaved 8-bit R, G, B. */
export async function resizeImage(image: Sharp, content: ContentSize): Promise<Buffer> {
  const { width, height } = content;
  const kernel = sampledKernelOf(content);
  if (!kernel)
    return toRgb(image.resize(width, height, { fit: 'fill', kernel: KERNEL })).toBuffer();
  const { data, info } = await toRgb(image).toBuffer({ resolveWithObject: true });
  return resample(data, info, content, kernel);
}

function toRgb(image: Sharp): Sharp {
  return image.removeAlpha().toColourspace('srgb').raw();
}
