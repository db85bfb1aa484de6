/**
 * Error for a fault that could not be injected, for example because the job ended first. The
 * product was not tested, so the case is repeated.
 */
export class FaultNotInjected extends Error {
  override readonly name = 'FaultNotInjected';
}
