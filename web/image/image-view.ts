import { createPalette } from '../../domain/result/class-colours.js';
import { correct } from '../api/images.js';
import { element, fill } from '../dom.js';
import { boxEditor } from './box-editor.js';
import { boxLayer } from './box-layer.js';
import { diffObjects, describeDiff, type ImageObject } from './object-diff.js';

/** Prediction of an image, with what is needed to correct it. */
interface PredictedObjects {
  readonly predictionId: string;
  /** Empty for a classifier. */
  readonly objects: readonly ImageObject[];
  /** Class names that the editor offers. */
  readonly classes: readonly string[];
  readonly onCorrected: () => void;
}

/** Image to show. */
interface ImageSource {
  readonly url: string;
  /** Name for messages and screen readers. */
  readonly name: string;
}

interface ImageView {
  readonly root: HTMLElement;
  /** Draws objects and a button to correct them; does nothing if the image cannot be shown. */
  show(predicted: PredictedObjects): Promise<void>;
}

/** Image with its boxes. */
export function imageView({ url, name }: ImageSource): ImageView {
  const image = element('img', { src: url, alt: `Image ${name}` });
  const frame = element('div', { class: 'preview-frame' }, image);
  const below = element('div', { class: 'preview-below' });
  const root = element('div', {}, element('div', { class: 'preview' }, frame), below);
  const isShown = new Promise<boolean>((resolve) => {
    image.addEventListener('load', () => resolve(true));
    image.addEventListener('error', () => resolve(false));
  });
  void isShown.then((isLoaded) => {
    if (!isLoaded) fill(frame, element('p', { class: 'no-preview' }, `${name}: no preview`));
  });
  const show = async (predicted: PredictedObjects) => {
    if (await isShown) showBoxes(predicted, { image, frame, below });
  };
  return { root, show };
}

interface ViewParts {
  readonly image: HTMLImageElement;
  readonly frame: HTMLElement;
  readonly below: HTMLElement;
}

/** Switches between viewing and editing the boxes. */
function showBoxes(predicted: PredictedObjects, { image, frame, below }: ViewParts): void {
  const extent = { width: image.naturalWidth, height: image.naturalHeight };
  const colourOf = createPalette(predicted.classes);
  const view = (objects: readonly ImageObject[], note: string) => {
    const layer = boxLayer(extent, colourOf);
    layer.show(objects);
    fill(frame, image, layer.root);
    const button = element(
      'button',
      { class: 'btn btn-outline-secondary', onclick: () => edit(objects, note) },
      objects.length > 0 ? 'Correct boxes' : 'Draw boxes',
    );
    fill(below, element('div', { class: 'preview-tools' }, button, statusNote(note)));
    return button;
  };
  const edit = (objects: readonly ImageObject[], note: string) => {
    const editor = boxEditor({
      ...{ extent, colourOf, objects, classes: predicted.classes },
      onSave: async (corrected) => {
        await correct(predicted.predictionId, { objects: corrected });
        const text = describeDiff(diffObjects(predicted.objects, corrected));
        view(corrected, `Saved: ${text}.`).focus();
        predicted.onCorrected();
      },
      onCancel: () => view(objects, note).focus(),
    });
    fill(frame, image, editor.layer);
    fill(below, editor.tools);
    below.querySelector('button')?.focus();
  };
  view(predicted.objects, '');
}

function statusNote(text: string): HTMLElement {
  return element('span', { class: 'text-body-secondary', role: 'status' }, text);
}
