import type { App } from './app.js';
import { Interrupted } from './exit-codes.js';

export interface Following<State> {
  /** Returns the line that shows a state. */
  readonly line: (state: State) => string;
  /** Message for Ctrl-C: what continues, and how to see it. */
  readonly interrupted: string;
}

/**
 * Shows the states of a workflow until the last one, which it returns.
 * @param states yields at least one state.
 * @throws Interrupted if the command was interrupted.
 */
export async function follow<State>(
  { out, signal }: Pick<App, 'out' | 'signal'>,
  states: AsyncIterable<State>,
  { line, interrupted }: Following<State>,
): Promise<State> {
  try {
    let last: State | undefined;
    for await (const state of states) {
      last = state;
      out.step(line(state), 'transient');
    }
    return last!;
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new Interrupted(interrupted);
  }
}
