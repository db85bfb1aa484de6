import { messageOf } from '../api/request.js';
import { element, fill } from '../dom.js';
import { createBoxEdits } from './box-edits.js';
import { type Extent, centredBox } from './box-geometry.js';
import { handleKeys } from './box-keys.js';
import { boxLayer, describeObject } from './box-layer.js';
import { handlePointer } from './box-pointer.js';
import { boxTools } from './box-tools.js';
import type { ImageObject } from './object-diff.js';

interface BoxEditorOptions {
  readonly extent: Extent;
  readonly colourOf: (className: string) => string;
  readonly objects: readonly ImageObject[];
  readonly classes: readonly string[];
  /** Stores a correction; if it throws, the editor shows the error and stays open. */
  readonly onSave: (objects: readonly ImageObject[]) => Promise<void>;
  readonly onCancel: () => void;
}

/** Layer to place over the image, and tools to place below it. */
interface BoxEditor {
  readonly layer: HTMLElement;
  readonly tools: HTMLElement;
}

/** Editor for the boxes of an image. */
export function boxEditor(options: BoxEditorOptions): BoxEditor {
  const { extent, objects, onSave, onCancel } = options;
  const layer = boxLayer(extent, options.colourOf);
  const liveStatus = element('p', { class: 'visually-hidden', role: 'status' });
  let isDrawing = false;
  const edits = createBoxEdits(objects, () => draw());
  const tools = boxTools({
    classes: options.classes,
    onNew: (byKeyboard) => {
      if (byKeyboard)
        finishBox(edits.add({ class: tools.className(), box: centredBox(extent) }).id, true);
      else setDrawing(!isDrawing);
    },
    onRemove: () => {
      const selected = edits.selected();
      if (selected) edits.remove(selected.id);
      edits.select(undefined); // the class typed next belongs to a new box
      tools.focusNew();
    },
    onClass: (name) => {
      const selected = edits.selected();
      if (selected) edits.change(selected.id, { class: name });
    },
    onSave: () => void save(),
    onCancel,
  });
  const setDrawing = (isOn: boolean) => {
    isDrawing = isOn;
    layer.root.classList.toggle('is-drawing', isOn);
    draw();
  };
  const draw = () => {
    const selected = edits.selected();
    layer.edit(edits.objects(), selected?.id);
    tools.update(selected, isDrawing);
    tools.showError('');
    fill(liveStatus, selected ? describeObject(selected) : `${edits.objects().length} boxes`);
  };
  const finishBox = (id: number, isNew: boolean) => {
    setDrawing(false);
    layer.focus(id);
    if (isNew && edits.selected()?.class === '') tools.focusClass();
  };
  const save = async () => {
    const unnamed = edits.objects().find(({ class: name }) => name === '');
    if (unnamed) {
      edits.select(unnamed.id);
      tools.showError('The selected box has no class. Enter one, then save.');
      return tools.focusClass();
    }
    tools.setBusy(true);
    try {
      await onSave(edits.objects().map(({ class: name, box }) => ({ class: name, box })));
    } catch (error) {
      tools.showError(messageOf(error));
    } finally {
      tools.setBusy(false);
    }
  };
  handlePointer(layer.root, edits, {
    ...{ extent, isDrawing: () => isDrawing, newClass: tools.className, onDone: finishBox },
  });
  handleKeys(layer.root, edits, {
    extent,
    onRename: tools.focusClass,
    onRemoved: () => {
      const next = edits.selected();
      if (next) layer.focus(next.id);
      else tools.focusNew();
    },
  });
  draw();
  return { layer: layer.root, tools: element('div', {}, tools.root, liveStatus) };
}
