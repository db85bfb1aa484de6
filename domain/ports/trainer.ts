import type { Trainer } from '../retrain/retrain-request.js';
import type { TrainingStep } from '../retrain/training-folder.js';

/** Runs a trainer in a training folder. */
export interface TrainerRunner {
  /**
   * Runs a trainer to its end.
   * @throws AppError `LIMIT_EXCEEDED` if it needs too much time or memory; `TRAIN_DATA`,
   * `TRAIN_DIVERGED` or `MODEL_INVALID` as the trainer reports; `INVALID_INPUT` if this worker has no
   * such trainer.
   */
  run(trainer: Trainer, folder: string, options: TrainerRun): Promise<void>;
}

export interface TrainerRun {
  readonly signal: AbortSignal;
  readonly limits: { readonly seconds: number; readonly memory_mb: number };
  readonly onStep: (step: TrainingStep) => void;
  /** Stores the folder `checkpoint`; the trainer is notified when it has resolved. */
  readonly onCheckpoint: (step: TrainingStep) => Promise<void>;
}
