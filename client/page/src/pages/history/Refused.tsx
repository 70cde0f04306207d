// One's own changes that the ledger refused: kept until their author decides.
import { useEffect, useState } from "preact/hooks";
import { get } from "../../base/api";
import { formatTime } from "../../base/format";
import { at, sync, write } from "../../base/store";
import { deedSentences } from "../../base/story";
import type { Deed } from "../../base/types";
import { named, t } from "../../base/words";
import { Section } from "../../parts/bits";

interface RefusedChange {
  change: number;
  time: string;
  code: string;
  deeds: Deed[];
}

export function Refused() {
  const [list, setList] = useState<RefusedChange[]>([]);
  const now = sync.value?.refused;
  useEffect(() => {
    void get<RefusedChange[]>(at("/refused")).then(setList, () => {});
  }, [now]);
  if (list.length === 0) return null;
  return (
    <Section title={t("refused_title")} note={t("refused_note")}>
      <ul class="stories">
        {list.map((one) => (
          <li class="story" key={one.change}>
            <p>{t("refused_on", { time: formatTime(one.time) })}</p>
            {deedSentences(one.deeds).map((sentence) => (
              <p>{sentence}</p>
            ))}
            <p class="note">{named(`reason.${one.code}`, t("failure.refused"))}</p>
            <div class="actions">
              <button type="button" onClick={() => void write(`/refused/${one.change}/retry`, {}, "did.retry")}>{t("say_again")}</button>
              <button type="button" class="danger" onClick={() => void write(`/refused/${one.change}/discard`, {}, "did.discard")}>{t("throw_away")}</button>
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}
