/**
 * A fault could not be injected: for example, the job ended first. This says nothing about the
 * product, so the case is repeated.
 */
export class NoHarmDone extends Error {
  override readonly name = 'NoHarmDone';
}
