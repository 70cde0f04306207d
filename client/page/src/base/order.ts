// Places in a list as text, so that something can always be put between two others: digits and small
// letters, compared by their codes. "" stands for the end on either side.
const kDigits = "0123456789abcdefghijklmnopqrstuvwxyz";

function digit(text: string, at: number, otherwise: number): number {
  const found = at < text.length ? kDigits.indexOf(text[at]!) : -1;
  return found < 0 ? otherwise : found;
}

export function between(before: string, after: string): string {
  let place = "";
  for (let at = 0; ; ++at) {
    const low = digit(before, at, 0);
    const open = after === "" || place < after.slice(0, place.length);
    const high = open ? kDigits.length : digit(after, at, kDigits.length);
    if (high - low > 1) return place + kDigits[Math.floor((low + high) / 2)]!;
    place += kDigits[low]!;
    if (at > 200) return place + "i"; // equal neighbours: any place is as good
  }
}
