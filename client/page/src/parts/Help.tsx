// The shortcuts, and what they do; they can be switched off in the settings.
import { useEffect, useRef } from "preact/hooks";
import { go } from "../base/route";
import { shortcuts } from "../base/settings";
import { write } from "../base/store";
import { type Key, t } from "../base/words";

const kGoTo: Record<string, string> = { o: "", p: "plan", t: "timetable", c: "conflicts", h: "history", s: "settings" };

// Whether a key belongs to what is being typed.
export function typing(event: KeyboardEvent): boolean {
  const at = event.target as HTMLElement;
  return at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName);
}

function useShortcuts(help: () => void): void {
  useEffect(() => {
    let waiting = false; // for the letter after g
    const hear = (event: KeyboardEvent) => {
      if (!shortcuts.value || typing(event) || event.altKey) return;
      if ((event.ctrlKey || event.metaKey) && event.key === "z") {
        event.preventDefault();
        void write("/undo", {}, "did.undo");
      }
      if (event.ctrlKey || event.metaKey) return;
      const to = waiting ? kGoTo[event.key] : undefined;
      waiting = event.key === "g";
      if (to !== undefined) return go(`/${to}`);
      if (event.key === "?") help();
      if (event.key === "/") {
        event.preventDefault();
        document.getElementById("search")?.focus();
      }
    };
    addEventListener("keydown", hear);
    return () => removeEventListener("keydown", hear);
  }, []);
}

export function Help() {
  const dialog = useRef<HTMLDialogElement>(null);
  const show = () => dialog.current?.showModal();
  useShortcuts(show);
  const rows: [string, string][] = [
    ["?", t("keys.help")],
    ["/", t("keys.search")],
    ["Ctrl+Z", t("keys.undo")],
    ...Object.entries(kGoTo).map(([key, page]): [string, string] => [`g ${key}`, t(`page.${page || "overview"}` as Key)]),
    ["a q", t("keys.away")],
    ["Alt+← Alt+→", t("keys.move")],
  ];
  return (
    <>
      <button type="button" class="plain help" aria-label={t("help")} onClick={show}>?</button>
      <dialog ref={dialog} aria-labelledby="help-title">
        <h2 id="help-title">{t("help")}</h2>
        <dl class="keys">
          {rows.map(([key, what]) => (
            <div>
              <dt>
                <kbd>{key}</kbd>
              </dt>
              <dd>{what}</dd>
            </div>
          ))}
        </dl>
        <p class="hint">{t("shortcuts_off_how")}</p>
        <div class="actions">
          <button type="button" onClick={() => dialog.current?.close()}>{t("close")}</button>
        </div>
      </dialog>
    </>
  );
}
