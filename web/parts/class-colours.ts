/** Hue difference between consecutive classes in degrees; keeps neighbours far apart. */
const GOLDEN_ANGLE = 137.508;
const FIRST_HUE = 168;

/** Creates a function that assigns each class a colour, in the order of the first calls. */
export function createClassColours(): (className: string) => string {
  const hues = new Map<string, number>();
  return (className) => {
    const hue = hues.get(className) ?? (FIRST_HUE + hues.size * GOLDEN_ANGLE) % 360;
    hues.set(className, hue);
    return `hsl(${Math.round(hue)} 85% 52%)`;
  };
}
