// Finds records by their words; accents and case do not matter.
import { useEffect, useState } from "preact/hooks";
import { get } from "../base/api";
import { kindLabel, titleOf } from "../base/format";
import { go } from "../base/route";
import { at, record as find } from "../base/store";
import { t } from "../base/words";
import { Icon } from "./icons";

interface Hit {
  id: string;
  kind: string;
  title: string;
}

const kMost = 12;
const kHidden = new Set(["position"]);

export function Search() {
  const [words, setWords] = useState("");
  const [hits, setHits] = useState<Hit[] | null>(null);
  const [chosen, setChosen] = useState(-1);
  useEffect(() => {
    setChosen(-1);
    if (words.trim() === "") return setHits(null);
    let over = false;
    const timer = setTimeout(() => {
      void get<Hit[]>(at("/search"), { words }).then(
        (answer) => over || setHits(answer.filter((one) => !kHidden.has(one.kind)).slice(0, kMost)),
        () => {},
      );
    }, 120);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [words]);
  const open = (id: string) => {
    setWords("");
    setHits(null);
    go(`/record/${id}`);
  };
  const key = (event: KeyboardEvent) => {
    if (event.key === "Escape") return setWords("");
    if (!hits || hits.length === 0) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const by = event.key === "ArrowDown" ? 1 : -1;
      setChosen((chosen + by + hits.length) % hits.length);
    }
    if (event.key === "Enter") open(hits[Math.max(chosen, 0)]!.id);
  };
  return (
    <search class="search">
      <Icon name="search" />
      <input
        id="search"
        type="search"
        role="combobox"
        aria-label={t("search")}
        aria-expanded={hits !== null}
        aria-controls="search-hits"
        aria-autocomplete="list"
        aria-activedescendant={chosen >= 0 ? `hit-${chosen}` : undefined}
        placeholder={t("search")}
        autocomplete="off"
        value={words}
        onInput={(event) => setWords(event.currentTarget.value)}
        onKeyDown={key}
        onBlur={() => setTimeout(() => setHits(null), 200)}
      />
      <ul id="search-hits" role="listbox" aria-label={t("search_results")} hidden={hits === null}>
        {hits?.map((one, i) => (
          <li key={one.id} id={`hit-${i}`} role="option" aria-selected={i === chosen} onMouseDown={() => open(one.id)}>
            <Title hit={one} /> <span class="note">{kindLabel(one.kind)}</span>
          </li>
        ))}
        {hits?.length === 0 && (
          <li role="option" aria-selected="false" aria-disabled="true">
            {t("nothing_found")}
          </li>
        )}
      </ul>
    </search>
  );
}

function Title({ hit }: { hit: Hit }) {
  const found = find(hit.id);
  return <>{found ? titleOf(found) : hit.title}</>;
}
