/**
 * Colours of the boxes of both sides, which colour-blind users can tell apart. They are the same in
 * both themes, because a video is behind them.
 */
export const SIDE_COLOUR = { a: '#ff8f1f', b: '#45b7ff' } as const;
