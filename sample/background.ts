import type { Size } from '../domain/result/detection.js';

const HOUSES = [
  { x: 0, width: 150, height: 190, colour: '#b9a58e' },
  { x: 150, width: 120, height: 200, colour: '#a8b0b5' },
  { x: 270, width: 190, height: 170, colour: '#c3b7a0' },
  { x: 460, width: 130, height: 185, colour: '#9fa9a3' },
  { x: 590, width: 130, height: 180, colour: '#bda79b' },
  { x: 720, width: 240, height: 210, colour: '#aeb4bd' },
] as const;

const GROUND = 340;
const WINDOW = { width: 18, height: 26, gap: 40 } as const;

/** A quiet street of the given size in pixels, without anything that a model would detect. */
export function backgroundSvg({ width, height }: Size): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"
    viewBox="0 0 960 540" preserveAspectRatio="none">
    <defs><linearGradient id="sky" x1="0" y1="0" x2="0" y2="1">
      <stop offset="0" stop-color="#9fb8cc"/><stop offset="1" stop-color="#dfe6ea"/>
    </linearGradient></defs>
    <rect width="960" height="540" fill="url(#sky)"/>
    ${HOUSES.map(houseMarkup).join('')}
    <rect y="${GROUND}" width="960" height="40" fill="#b5b1a8"/>
    <rect y="${GROUND + 40}" width="960" height="160" fill="#6d7073"/>
    ${laneMarks()}
  </svg>`;
}

function houseMarkup({ x, width, height, colour }: (typeof HOUSES)[number]): string {
  const top = GROUND - height;
  const windows: string[] = [];
  for (let left = x + 20; left + WINDOW.width < x + width - 10; left += WINDOW.gap) {
    for (let y = top + 24; y + WINDOW.height < GROUND - 20; y += WINDOW.gap + 10) {
      windows.push(
        `<rect x="${left}" y="${y}" width="${WINDOW.width}" height="${WINDOW.height}" fill="#7c8a94"/>`,
      );
    }
  }
  const wall = `<rect x="${x}" y="${top}" width="${width}" height="${height}" fill="${colour}"/>`;
  return wall + windows.join('');
}

function laneMarks(): string {
  const marks = Array.from({ length: 8 }, (_, index) => 20 + index * 120);
  return marks
    .map((x) => `<rect x="${x}" y="${GROUND + 116}" width="60" height="6" fill="#d8d8d0"/>`)
    .join('');
}
