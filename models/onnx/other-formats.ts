import { basename } from 'node:path';

const text = new TextDecoder('latin1');

/** Says what a file is that is taken for an ONNX file, and what to do; nothing when it may be one. */
export function whatItIs(bytes: Uint8Array, title: string): string | undefined {
  const start = text.decode(bytes.subarray(0, 64));
  if (bytes.length === 0) return 'is empty: copy or download it again';
  if (/\.pt$/i.test(title) || start.startsWith('PK\x03\x04')) {
    const file = JSON.stringify(basename(title).replace(/\.\w+$/, '.pt'));
    return `holds PyTorch weights, which need PyTorch to run. Export it, then add the .onnx file: pip install ultralytics && yolo export model=${file} format=onnx imgsz=640 (in a YOLOv5 repository: python export.py --weights ${file} --include onnx)`;
  }
  if (start.slice(4, 8) === 'TFL3') return 'is a TensorFlow Lite file: convert it with tf2onnx';
  if (start.startsWith('version https://git-lfs'))
    return 'is a pointer of Git LFS in place of the file: run "git lfs pull" where it comes from';
  if (/^\s*<(!doctype|html|\?xml)/i.test(start))
    return 'is a web page: download the file itself, not the page that shows it';
  return undefined;
}
