import { expect, it } from 'vitest';
import { localModel } from '../test/support/lane-jobs.js';
import { createLaneTurns, type LaneCustomer } from './lane-turns.js';

/** A camera with frames that wait, and the turns of all cameras. */
function createCustomer(
  name: string,
  turns: Turn[],
  model = 'm',
): LaneCustomer & { waiting: number } {
  return {
    model: localModel(model),
    waiting: 0,
    isWaiting() {
      return this.waiting > 0;
    },
    serve() {
      this.waiting--;
      const turn = { name, ...Promise.withResolvers<void>() };
      turns.push(turn);
      return turn.promise;
    },
  };
}

interface Turn extends PromiseWithResolvers<void> {
  readonly name: string;
}

const settle = () => new Promise((done) => setImmediate(done));

it('gives the next turn to the camera that waited longest since its last one', async () => {
  const served: Turn[] = [];
  const turns = createLaneTurns(1);
  const [fast, slow] = [createCustomer('fast', served), createCustomer('slow', served)];
  turns.add(fast);
  turns.add(slow);
  [fast.waiting, slow.waiting] = [25, 2];
  turns.advance();
  for (let turn = 0; turn < 5; turn++) {
    served[turn]!.resolve();
    await settle();
  }
  expect(served.map(({ name }) => name)).toEqual(['fast', 'slow', 'fast', 'slow', 'fast', 'fast']);
});

it('serves one frame of a camera at a time', async () => {
  const served: Turn[] = [];
  const turns = createLaneTurns(2);
  const only = createCustomer('only', served);
  turns.add(only);
  only.waiting = 2;
  turns.advance();
  expect(served).toHaveLength(1);
  served[0]!.resolve();
  await settle();
  expect(served).toHaveLength(2);
});

it('serves cameras of another model while one model is busy', () => {
  const served: Turn[] = [];
  const turns = createLaneTurns(1);
  for (const [name, model] of [
    ['a', 'm'],
    ['b', 'm'],
    ['c', 'other'],
  ] as const) {
    const customer = createCustomer(name, served, model);
    customer.waiting = 1;
    turns.add(customer);
  }
  turns.advance();
  expect(served.map(({ name }) => name)).toEqual(['a', 'c']);
});
