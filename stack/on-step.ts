/** Called with a progress message, such as what is being done and how long it may take. */
export type OnStep = (message: string) => void;
