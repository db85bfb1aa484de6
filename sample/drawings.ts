/** A drawing that fills its view box, so that the view box is its bounding box. */
export interface Drawing {
  /** Size of the view box; the drawing is scaled to its size in the scene. */
  readonly viewBox: { readonly width: number; readonly height: number };
  readonly markup: string;
}

// The letters are paths, not text, so that the drawing does not depend on fonts.
const STOP_SIGN: Drawing = {
  viewBox: { width: 200, height: 200 },
  markup: `
    <polygon points="59,0 141,0 200,59 200,141 141,200 59,200 0,141 0,59" fill="#f6f6f4"/>
    <polygon points="62,8 138,8 192,62 192,138 138,192 62,192 8,138 8,62" fill="#c1121f"/>
    <g fill="none" stroke="#f6f6f4" stroke-width="11">
      <path d="M56,84 Q52,75 42,75 Q30,75 30,86 Q30,96 43,99 Q57,103 57,114 Q57,126 43,126 Q31,126 28,116"/>
      <path d="M64,76 H98 M81,76 V131"/>
      <rect x="107" y="76" width="26" height="50" rx="12"/>
      <path d="M146,131 V76 H158 Q171,76 171,90 Q171,104 158,104 H146"/>
    </g>`,
};

const HOUR_MARKS = Array.from({ length: 12 }, (_, hour) => {
  const length = hour % 3 === 0 ? 20 : 10;
  return `<line x1="100" y1="16" x2="100" y2="${16 + length}" stroke="#222" stroke-width="6"
    transform="rotate(${hour * 30} 100 100)"/>`;
}).join('');

const CLOCK: Drawing = {
  viewBox: { width: 200, height: 200 },
  markup: `
    <circle cx="100" cy="100" r="100" fill="#33312e"/>
    <circle cx="100" cy="100" r="88" fill="#fbfaf5"/>
    ${HOUR_MARKS}
    <line x1="100" y1="100" x2="100" y2="34" stroke="#111" stroke-width="6"/>
    <line x1="100" y1="100" x2="146" y2="124" stroke="#111" stroke-width="9"/>
    <circle cx="100" cy="100" r="7" fill="#111"/>`,
};

const TRAFFIC_LIGHT: Drawing = {
  viewBox: { width: 90, height: 220 },
  markup: `
    <rect width="90" height="220" rx="14" fill="#17191b"/>
    <rect x="5" y="5" width="80" height="210" rx="10" fill="#24272a"/>
    <circle cx="45" cy="42" r="27" fill="#ff3b30"/>
    <circle cx="45" cy="110" r="27" fill="#f5b81f"/>
    <circle cx="45" cy="178" r="27" fill="#1fa34a"/>`,
};

/** Drawings by the COCO class that a model detects in them. */
export const DRAWINGS = {
  'stop sign': STOP_SIGN,
  clock: CLOCK,
  'traffic light': TRAFFIC_LIGHT,
} as const;
