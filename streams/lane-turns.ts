import type { LocalModel } from '../domain/ports/model-registry.js';
import { modelKeyOf } from '../lanes/pool-job.js';

/** A camera whose frames wait for a lane. */
export interface LaneCustomer {
  readonly model: LocalModel;
  /** Whether a frame waits. */
  isWaiting(): boolean;
  /** Detects the waiting frame; must not reject. */
  serve(): Promise<void>;
}

/**
 * Gives lanes to cameras: of those whose frames wait, to the one that has waited longest since its
 * last turn, so that a camera of 25 frames per second does not delay one of 2. One frame of a camera
 * is detected at a time. Which frame is decided only then: a newer one may have replaced it.
 */
export interface LaneTurns {
  add(customer: LaneCustomer): void;
  remove(customer: LaneCustomer): void;
  /** Gives turns; call this when a frame begins to wait. */
  advance(): void;
}

/** @param turnsPerModel number of frames of one model that are detected at the same time. */
export function createLaneTurns(turnsPerModel: number): LaneTurns {
  /** Customers in the order of their last turns, and the turns in progress. */
  const customers = new Set<LaneCustomer>();
  const busy = new Map<LaneCustomer, string>();

  function next(): LaneCustomer | undefined {
    for (const customer of customers) {
      if (busy.has(customer) || !customer.isWaiting()) continue;
      const modelKey = modelKeyOf(customer.model);
      const turns = [...busy.values()].filter((key) => key === modelKey).length;
      if (turns < turnsPerModel) return customer;
    }
    return undefined;
  }

  function advance(): void {
    for (let customer = next(); customer; customer = next()) void serve(customer);
  }

  async function serve(customer: LaneCustomer): Promise<void> {
    busy.set(customer, modelKeyOf(customer.model));
    if (customers.delete(customer)) customers.add(customer);
    try {
      await customer.serve();
    } finally {
      busy.delete(customer);
      advance();
    }
  }

  return {
    advance,
    add: (customer) => void customers.add(customer),
    remove: (customer) => void customers.delete(customer),
  };
}
