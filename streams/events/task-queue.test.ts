import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../domain/errors.js';
import { createTaskQueue } from './task-queue.js';

const delayOf = (failures: number) => failures * 10;

/** A task that fails some times before it adds its name to the done ones. */
function scripted(done: string[]) {
  return (name: string, failures = 0) => {
    let left = failures;
    return () => {
      if (left-- > 0) return Promise.reject(new AppError('SERVER_UNAVAILABLE', `${name} failed`));
      done.push(name);
      return Promise.resolve();
    };
  };
}

describe('a queue of tasks', () => {
  it('does them in order, each until it succeeds', async () => {
    const done: string[] = [];
    const errors: string[] = [];
    const task = scripted(done);
    const queue = createTaskQueue((error) => errors.push((error as Error).message), delayOf);
    queue.add(task('a', 2));
    queue.add(task('b'));
    expect(queue.length).toBe(2);
    await expect.poll(() => done).toEqual(['a', 'b']);
    expect(errors).toEqual(['a failed', 'a failed']);
    await expect.poll(() => queue.length).toBe(0);
    queue.add(task('c'));
    await expect.poll(() => done).toEqual(['a', 'b', 'c']);
  });

  it('drops one that fails five times although the servers are available', async () => {
    const done: string[] = [];
    let attempts = 0;
    const queue = createTaskQueue(() => undefined, delayOf);
    queue.add(() => Promise.reject(new Error(`wrong ${++attempts}`)));
    queue.add(scripted(done)('a', 6));
    await expect.poll(() => done, { timeout: 4000 }).toEqual(['a']);
    expect(attempts).toBe(5);
  });

  it('does what it can before it is closed, and nothing after', async () => {
    const done: string[] = [];
    const task = scripted(done);
    const queue = createTaskQueue(() => undefined, delayOf);
    for (const each of [task('a'), task('b', 3), task('c', Infinity), task('d')]) queue.add(each);
    await expect.poll(() => done).toEqual(['a', 'b']);
    await queue.close(50);
    queue.add(task('e'));
    await sleep(50);
    expect(done).toEqual(['a', 'b']);
  });
});
