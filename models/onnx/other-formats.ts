import { basename, dirname } from 'node:path';

const text = new TextDecoder('latin1');

/** Describes a file in a format that is often mistaken for ONNX, with advice; else undefined. */
export function describeOtherFormat(bytes: Uint8Array, title: string): string | undefined {
  const start = text.decode(bytes.subarray(0, 64));
  if (bytes.length === 0) return 'is empty: copy or download it again';
  if (/\.pt$/i.test(title) || start.startsWith('PK\x03\x04')) {
    const file = JSON.stringify(basename(title).replace(/\.\w+$/, '.pt'));
    return `holds PyTorch weights, which need PyTorch to run. Export it, then add the .onnx file: pip install ultralytics && yolo export model=${file} format=onnx imgsz=640 (in a YOLOv5 repository: python export.py --weights ${file} --include onnx)`;
  }
  if (start.slice(1, 6) === 'HDF\r\n') {
    const file = JSON.stringify(basename(title));
    return `is an HDF5 file, the format of Keras 2 and older, which is not supported. In Python, save it as a .keras file and add that: keras.saving.load_model(${file}).save("model.keras"); or convert it to ONNX: keras.saving.load_model(${file}).export("DIR"), then ${tf2onnx('DIR')}`;
  }
  if (basename(title) === 'saved_model.pb') return describeSavedModel(dirname(title));
  if (start.slice(4, 8) === 'TFL3') return 'is a TensorFlow Lite file: convert it with tf2onnx';
  if (start.startsWith('version https://git-lfs'))
    return 'is a Git LFS pointer, not the file itself: run "git lfs pull" in its repository';
  if (/^\s*<(!doctype|html|\?xml)/i.test(start))
    return 'is a web page: download the file itself, not the page about it';
  return undefined;
}

/** Describes a folder that TensorFlow saved, with the command that converts it. */
export function describeSavedModel(folder: string): string {
  return `is a SavedModel of TensorFlow, which is not supported. Convert it, and add model.onnx: ${tf2onnx(JSON.stringify(folder))}`;
}

function tf2onnx(folder: string): string {
  return `python -m tf2onnx.convert --saved-model ${folder} --output model.onnx`;
}
