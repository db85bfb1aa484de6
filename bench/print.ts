/** Prints a line of a measurement. */
export const print = (message: string): void => console.log(message);

/** Replaces {@link print} if the steps of a set-up are not to be shown. */
export const silently = (): void => undefined;
