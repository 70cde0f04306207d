// The first of a long list, and a button that shows the rest.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { t } from "../base/words";

export function MoreButton({ count, open, toggle }: { count: number; open: boolean; toggle: () => void }) {
  return (
    <button type="button" class="link" aria-expanded={open} onClick={toggle}>
      {open ? t("show_fewer") : t("show_all", { count })}
    </button>
  );
}

export function useFew<T>(list: T[], most: number): { shown: T[]; toggle: ComponentChildren } {
  const [all, setAll] = useState(false);
  const toggle = list.length > most && <MoreButton count={list.length} open={all} toggle={() => setAll(!all)} />;
  return { shown: all ? list : list.slice(0, most), toggle };
}
