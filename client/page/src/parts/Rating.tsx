// How something under review stands, in words and colour.
import { valueLabel } from "../base/format";
import { Chip } from "./bits";

export const kTones: Record<string, "good" | "warn" | "bad"> = {
  on_track: "good", achieved: "good", at_risk: "warn", off_track: "bad",
};

export function RatingChip({ rating }: { rating: string }) {
  return <Chip tone={kTones[rating]}>{valueLabel(rating)}</Chip>;
}
