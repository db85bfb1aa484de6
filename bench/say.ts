/** Prints a line of a measurement. */
export const say = (message: string): void => console.log(message);

/** In the place of {@link say} where steps of a set-up are nobody's business. */
export const quietly = (): void => undefined;
