/** Told what is being done, and how long it may take. */
export type OnStep = (message: string) => void;
