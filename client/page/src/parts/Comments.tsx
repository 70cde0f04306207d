// Comments on one record.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { formatTime } from "../base/format";
import { recordsOf, write } from "../base/store";
import type { PlanRecord } from "../base/types";
import { language, t } from "../base/words";
import { Chip, TownMark, textOf } from "./bits";
import { useFieldId } from "./fields";

export function CommentItem({ one }: { one: PlanRecord }) {
  const body = textOf(one, "body", one.fields.language ?? language.value);
  const resolved = one.fields.resolved === true;
  const set = (fields: object) => void write(`/records/${one.id}`, { fields }, "did.set");
  return (
    <li class="comment">
      <div class="who">
        <strong>{one.author}</strong> <TownMark id={one.author_town} /> <time dateTime={one.created}>{formatTime(one.created)}</time>
        {resolved && <Chip tone="good">{t("resolved")}</Chip>}
      </div>
      <p lang={body?.lang}>{body?.text}</p>
      {one.writable && (
        <div class="actions">
          <button type="button" class="link" onClick={() => set({ resolved: !resolved })}>
            {resolved ? t("open_again") : t("resolve")}
          </button>
          <button type="button" class="link" onClick={() => void write(`/records/${one.id}/delete`, {}, "did.delete")}>
            {t("delete")}
          </button>
        </div>
      )}
    </li>
  );
}

// What was said about a record, and a place to say more.
export function Comments({ about, heading, label }: { about: PlanRecord; heading?: ComponentChildren; label?: string }) {
  const id = useFieldId("comment");
  const [typed, setTyped] = useState("");
  const all = recordsOf("comment")?.filter((one) => one.fields.about === about.id) ?? [];
  all.sort((a, b) => a.created.localeCompare(b.created));
  const say = async () => {
    const fields = { about: about.id, language: language.value, body: { [language.value]: typed.trim() } };
    if (await write("/records", { kind: "comment", fields }, "did.comment")) setTyped("");
  };
  return (
    <section class="card" aria-label={label ?? t("page.comments")}>
      <h2 class="chips">{heading ?? t("page.comments")}</h2>
      {all.length > 0 && (
        <ul class="plain">
          {all.map((one) => (
            <CommentItem key={one.id} one={one} />
          ))}
        </ul>
      )}
      <label for={id}>{t("say_something")}</label>
      <textarea id={id} rows={2} value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
      <div class="actions">
        <button type="button" disabled={typed.trim() === ""} onClick={() => void say()}>
          {t("comment")}
        </button>
      </div>
    </section>
  );
}
