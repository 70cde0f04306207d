// The first of a long list, and a button that shows the rest.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../base/words";

export function useFew<T>(list: T[], most: number): { shown: T[]; toggle: ComponentChildren } {
  const [all, setAll] = useState(false);
  const toggle = list.length > most && (
    <button type="button" class="link" aria-expanded={all} onClick={() => setAll(!all)}>
      {all ? t("show_fewer") : t("show_all", { count: list.length })}
    </button>
  );
  return { shown: all ? list : list.slice(0, most), toggle };
}
