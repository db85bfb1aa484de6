import type { LocalModel } from '../domain/ports/model-registry.js';
import { modelKeyOf } from './pool-job.js';

interface Expected {
  readonly model: LocalModel;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/** Models that get a lane before they have a job. */
export class ExpectedModels {
  private readonly expected = new Set<Expected>();

  get modelKeys(): string[] {
    return [...this.expected].map(({ model }) => modelKeyOf(model));
  }

  /** Resolves when a lane of the model serves. */
  add(model: LocalModel): Promise<void> {
    return new Promise((resolve, reject) => this.expected.add({ model, resolve, reject }));
  }

  findModel(modelKey: string): LocalModel | undefined {
    return [...this.expected].find(({ model }) => modelKeyOf(model) === modelKey)?.model;
  }

  resolve(modelKey: string): void {
    this.settle(
      (key) => key === modelKey,
      ({ resolve }) => resolve(),
    );
  }

  reject(matches: (modelKey: string) => boolean, error: unknown): void {
    this.settle(matches, ({ reject }) => reject(error));
  }

  private settle(matches: (modelKey: string) => boolean, end: (expected: Expected) => void): void {
    for (const each of [...this.expected].filter(({ model }) => matches(modelKeyOf(model)))) {
      this.expected.delete(each);
      end(each);
    }
  }
}
