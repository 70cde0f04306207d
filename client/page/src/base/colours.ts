// The towns' colours: each town's own hue, as its profile has it, in lightnesses that can be read
// (style/tokens.css). Hues too close to an earlier town's give way to the page's own.
import { effect } from "@preact/signals";
import { recordsOf, seat } from "./store";

const kHues = [240, 45, 290, 155, 350];
const kApart = 40;
const kLeastChroma = 0.03; // greys have no hue

// Hue in degrees of a colour in OKLab (Björn Ottosson, https://bottosson.github.io/posts/oklab/); null
// for what is no colour, or hardly one.
export function hueOf(colour: string): number | null {
  const found = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(colour);
  if (!found) return null;
  const [r, g, b] = found.slice(1).map((part) => {
    const value = parseInt(part, 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  const l = Math.cbrt(0.4122214708 * r + 0.5363325363 * g + 0.0514459929 * b);
  const m = Math.cbrt(0.2119034982 * r + 0.6806995451 * g + 0.1073969566 * b);
  const s = Math.cbrt(0.0883024619 * r + 0.2817188376 * g + 0.6299787005 * b);
  const a = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
  const y = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  if (Math.hypot(a, y) < kLeastChroma) return null;
  return Math.round(((Math.atan2(y, a) * 180) / Math.PI + 360) % 360);
}

function apart(a: number, b: number): number {
  const between = Math.abs(a - b) % 360;
  return Math.min(between, 360 - between);
}

// One hue for each colour, no two of them alike.
export function huesOf(colours: string[]): number[] {
  const taken: number[] = [];
  const free = (hue: number) => taken.every((other) => apart(other, hue) >= kApart);
  for (const [i, colour] of colours.entries()) {
    const own = hueOf(colour);
    taken.push(own !== null && free(own) ? own : (kHues.find(free) ?? kHues[i % kHues.length]!));
  }
  return taken;
}

export function followColours(): void {
  effect(() => {
    const records = recordsOf("town") ?? [];
    const towns = (seat.value?.towns ?? []).slice(0, kHues.length);
    const colours = towns.map((one) => String(records.find((other) => other.id === one.id)?.fields.colour ?? ""));
    for (const [i, hue] of huesOf(colours).entries()) {
      document.documentElement.style.setProperty(`--hue-${i}`, String(hue));
    }
  });
}
