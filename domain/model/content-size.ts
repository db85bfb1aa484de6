import type { Size } from '../result/detection.js';

/** Kernels that resize a frame to a model's input. */
export const RESIZE_KERNELS = ['lanczos3', 'bicubic', 'bilinear', 'nearest'] as const;
export type ResizeKernel = (typeof RESIZE_KERNELS)[number];

/** Size in pixels to which a frame is resized for a model. */
export interface ContentSize extends Size {
  /** Default: lanczos3 for images, bilinear for decoded frames of videos. */
  readonly kernel?: ResizeKernel;
}
