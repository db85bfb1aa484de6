import { correct } from '../api/images.js';
import { element, fill } from '../dom.js';
import { createClassColours } from '../parts/class-colours.js';
import { boxEditor } from './box-editor.js';
import { boxLayer } from './box-layer.js';
import { correctionOf, describeCorrection, type SeenObject } from './correction.js';

/** What was found in a picture, and where to say that it is otherwise. */
export interface Found {
  readonly predictionId: string;
  /** None for a classifier, which finds no places. */
  readonly objects: readonly SeenObject[];
  /** Names to choose from. */
  readonly classes: readonly string[];
  readonly onCorrected: () => void;
}

export interface PictureView {
  readonly root: HTMLElement;
  /** Address of the file while the page is open. */
  readonly address: string;
  /** Draws what was found, with a way to correct it; nothing where the picture cannot be shown. */
  show(found: Found): Promise<void>;
}

/** A picture with its boxes. */
export function pictureView(file: File): PictureView {
  const address = URL.createObjectURL(file);
  const picture = element('img', { src: address, alt: `The picture ${file.name}` });
  const frame = element('div', { class: 'preview-frame' }, picture);
  const below = element('div', { class: 'preview-below' });
  const root = element('div', {}, element('div', { class: 'preview' }, frame), below);
  const isShown = new Promise<boolean>((resolve) => {
    picture.addEventListener('load', () => resolve(true));
    picture.addEventListener('error', () => resolve(false));
  });
  void isShown.then((isPicture) => {
    if (!isPicture) fill(frame, element('p', { class: 'no-preview' }, `${file.name}: no preview`));
  });
  const show = async (found: Found) => {
    if (await isShown) showBoxes(found, { picture, frame, below });
  };
  return { root, address, show };
}

interface Places {
  readonly picture: HTMLImageElement;
  readonly frame: HTMLElement;
  readonly below: HTMLElement;
}

/** Goes between looking at the boxes and correcting them. */
function showBoxes(found: Found, { picture, frame, below }: Places): void {
  const extent = { width: picture.naturalWidth, height: picture.naturalHeight };
  const colourOf = createClassColours();
  const look = (objects: readonly SeenObject[], note: string) => {
    const layer = boxLayer(extent, colourOf);
    layer.show(objects);
    fill(frame, picture, layer.root);
    const button = element(
      'button',
      { class: 'btn btn-outline-secondary', onclick: () => edit(objects, note) },
      objects.length > 0 ? 'Correct the boxes' : 'Draw boxes',
    );
    fill(below, element('div', { class: 'preview-tools' }, button, noteOf(note)));
    return button;
  };
  const edit = (objects: readonly SeenObject[], note: string) => {
    const editor = boxEditor({
      ...{ extent, colourOf, found: objects, classes: found.classes },
      onKeep: async (seen) => {
        await correct(found.predictionId, { objects: seen });
        const words = describeCorrection(correctionOf(found.objects, seen));
        look(seen, `Kept: ${words}.`).focus();
        found.onCorrected();
      },
      onCancel: () => look(objects, note).focus(),
    });
    fill(frame, picture, editor.layer);
    fill(below, editor.tools);
    below.querySelector('button')?.focus();
  };
  look(found.objects, '');
}

function noteOf(text: string): HTMLElement {
  return element('span', { class: 'text-body-secondary', role: 'status' }, text);
}
