/**
 * Called with a progress message, such as what is being done and how long it may take. A `transient`
 * one is a state that the next message replaces, such as the bytes of a download.
 */
export type OnStep = (message: string, kind?: 'transient') => void;
