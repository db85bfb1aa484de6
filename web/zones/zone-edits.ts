import { nextName, type Shape } from './zone-shapes.js';

/** Shapes being edited, the selected one, and those that were before. */
export interface ZoneEdits {
  readonly shapes: () => readonly Shape[];
  readonly selected: () => Shape | undefined;
  readonly select: (id: number | undefined) => void;
  /** Adds a shape under the next free name, and selects it. */
  add(shape: Pick<Shape, 'kind' | 'points'>): Shape;
  /** Replaces a shape. Consecutive changes of one `step` are undone together. */
  change(shape: Shape, step: string): void;
  remove(id: number): void;
  /** Restores the shapes before the last change; does nothing without one. */
  undo(): void;
  readonly canUndo: () => boolean;
}

/** @param onChange called after each change of shapes or selection */
export function createZoneEdits(stored: readonly Shape[], onChange: () => void): ZoneEdits {
  let shapes = stored;
  let selectedId: number | undefined;
  let nextId = stored.length;
  let lastStep: string | undefined;
  const past: (readonly Shape[])[] = [];
  const set = (next: readonly Shape[], step?: string) => {
    if (step === undefined || step !== lastStep) past.push(shapes);
    lastStep = step;
    shapes = next;
    onChange();
  };
  return {
    shapes: () => shapes,
    selected: () => shapes.find(({ id }) => id === selectedId),
    select: (id) => {
      if (id === selectedId) return;
      selectedId = id;
      onChange();
    },
    add: ({ kind, points }) => {
      const added = { id: nextId++, kind, name: nextName(kind, shapes), points };
      selectedId = added.id;
      set([...shapes, added]);
      return added;
    },
    change: (shape, step) =>
      set(
        shapes.map((each) => (each.id === shape.id ? shape : each)),
        `${shape.id} ${step}`,
      ),
    remove: (id) => {
      const at = shapes.findIndex((shape) => shape.id === id);
      const rest = shapes.filter((shape) => shape.id !== id);
      selectedId = (rest[at] ?? rest.at(-1))?.id;
      set(rest);
    },
    undo: () => {
      const before = past.pop();
      if (!before) return;
      lastStep = undefined;
      shapes = before;
      onChange();
    },
    canUndo: () => past.length > 0,
  };
}
