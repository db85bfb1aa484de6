import type { Box } from './box-geometry.js';
import type { ImageObject } from './object-diff.js';

/** Object being edited; its id is stable during the edit. */
export interface EditedObject extends ImageObject {
  readonly id: number;
}

/** Objects of an image being edited, and the selected one. */
export interface BoxEdits {
  readonly objects: () => readonly EditedObject[];
  readonly selected: () => EditedObject | undefined;
  select(id: number | undefined): void;
  /** Adds an object and selects it. */
  add(object: ImageObject): EditedObject;
  /** Changes the box or the class of an object. */
  change(id: number, to: Partial<ImageObject>): void;
  /** Removes an object and selects the next one. */
  remove(id: number): void;
}

/** @param onChange called after each change of objects or selection */
export function createBoxEdits(found: readonly ImageObject[], onChange: () => void): BoxEdits {
  let objects: readonly EditedObject[] = found.map((object, id) => ({ ...copyObject(object), id }));
  let nextId = objects.length;
  let selectedId: number | undefined;
  const select = (id: number | undefined) => {
    if (id === selectedId) return;
    selectedId = id;
    onChange();
  };
  return {
    objects: () => objects,
    selected: () => objects.find(({ id }) => id === selectedId),
    select,
    add: (object) => {
      const added = { ...object, id: nextId++ };
      objects = [...objects, added];
      select(added.id);
      return added;
    },
    change: (id, to) => {
      objects = objects.map((object) => (object.id === id ? { ...object, ...to } : object));
      onChange();
    },
    remove: (id) => {
      const at = objects.findIndex((object) => object.id === id);
      objects = objects.filter((object) => object.id !== id);
      selectedId = (objects[at] ?? objects.at(-1))?.id;
      onChange();
    },
  };
}

function copyObject({ class: name, box }: ImageObject): { class: string; box: Box } {
  return { class: name, box };
}
