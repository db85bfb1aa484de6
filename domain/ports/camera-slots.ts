/** Slots of a stream worker: the number of cameras that it watches at once is limited. */
export interface CameraSlots {
  /**
   * Begins an activity that a queue gave to this worker; returns a function that ends it.
   * @throws AppError `SLOT_TAKEN` for one of the host's queue, if no slot was kept and none is free.
   */
  enter(scenarioUuid: string, taskQueue: string): () => void;
  /** Keeps the slot of a camera that continues to run for its next activity, for some seconds. */
  keep(scenarioUuid: string): void;
}
