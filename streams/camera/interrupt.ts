import type { StateNotice } from '../protocol.js';

/** Reason for which a connection to a camera is closed by this process, to be opened again at once. */
export class Interrupt extends Error {
  override readonly name = 'Interrupt';

  /** @param state state until the next frame; undefined: that of a new connection. */
  constructor(
    message: string,
    readonly state?: Omit<StateNotice, 'at'>,
  ) {
    super(message);
  }
}
