/** Turn of the hue from one class to the next, in degrees: neighbours are far apart. */
const GOLDEN_ANGLE = 137.508;
const FIRST_HUE = 168;

/** Colours by class, in the order in which classes are asked for; the same class keeps its colour. */
export function createClassColours(): (className: string) => string {
  const hues = new Map<string, number>();
  return (className) => {
    const hue = hues.get(className) ?? (FIRST_HUE + hues.size * GOLDEN_ANGLE) % 360;
    hues.set(className, hue);
    return `hsl(${Math.round(hue)} 85% 52%)`;
  };
}
