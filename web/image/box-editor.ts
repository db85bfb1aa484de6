import { messageOf } from '../api/request.js';
import { element, fill } from '../dom.js';
import { createBoxEdits } from './box-edits.js';
import { type Extent, middleBox } from './box-geometry.js';
import { followKeys } from './box-keys.js';
import { boxLayer, placeOf } from './box-layer.js';
import { followPointer } from './box-pointer.js';
import { boxTools } from './box-tools.js';
import type { SeenObject } from './correction.js';

export interface BoxEditorOptions {
  readonly extent: Extent;
  readonly colourOf: (className: string) => string;
  readonly found: readonly SeenObject[];
  readonly classes: readonly string[];
  /** Sends a correction; what it throws is told, and the editor stays. */
  readonly onKeep: (objects: readonly SeenObject[]) => Promise<void>;
  readonly onCancel: () => void;
}

/** What lies over the picture, and what below it. */
export interface BoxEditor {
  readonly layer: HTMLElement;
  readonly tools: HTMLElement;
}

/** Lets a person correct the boxes of a picture. */
export function boxEditor(options: BoxEditorOptions): BoxEditor {
  const { extent, found, onKeep, onCancel } = options;
  const layer = boxLayer(extent, options.colourOf);
  const spoken = element('p', { class: 'visually-hidden', role: 'status' });
  let isDrawing = false;
  const edits = createBoxEdits(found, () => draw());
  const tools = boxTools({
    classes: options.classes,
    onNew: (byKeyboard) => {
      if (byKeyboard)
        done(edits.add({ class: tools.className(), box: middleBox(extent) }).id, true);
      else aim(!isDrawing);
    },
    onRemove: () => {
      const chosen = edits.chosen();
      if (chosen) edits.remove(chosen.id);
      edits.choose(undefined); // the next word typed is for a new box
      tools.focusNew();
    },
    onClass: (name) => {
      const chosen = edits.chosen();
      if (chosen) edits.change(chosen.id, { class: name });
    },
    onKeep: () => void keep(),
    onCancel,
  });
  const aim = (isOn: boolean) => {
    isDrawing = isOn;
    layer.root.classList.toggle('is-drawing', isOn);
    draw();
  };
  const draw = () => {
    const chosen = edits.chosen();
    layer.edit(edits.objects(), chosen?.id);
    tools.update(chosen, isDrawing);
    tools.complain('');
    fill(spoken, chosen ? placeOf(chosen) : `${edits.objects().length} boxes`);
  };
  const done = (id: number, isNew: boolean) => {
    aim(false);
    layer.focus(id);
    if (isNew && edits.chosen()?.class === '') tools.askClass();
  };
  const keep = async () => {
    const nameless = edits.objects().find(({ class: name }) => name === '');
    if (nameless) {
      edits.choose(nameless.id);
      tools.complain('The chosen box has no class yet.');
      return tools.askClass();
    }
    tools.wait(true);
    try {
      await onKeep(edits.objects().map(({ class: name, box }) => ({ class: name, box })));
    } catch (error) {
      tools.complain(messageOf(error));
    } finally {
      tools.wait(false);
    }
  };
  followPointer(layer.root, edits, {
    ...{ extent, isDrawing: () => isDrawing, newClass: tools.className, onDone: done },
  });
  followKeys(layer.root, edits, {
    extent,
    onRename: tools.askClass,
    onRemoved: () => {
      const next = edits.chosen();
      if (next) layer.focus(next.id);
      else tools.focusNew();
    },
  });
  draw();
  return { layer: layer.root, tools: element('div', {}, tools.root, spoken) };
}
