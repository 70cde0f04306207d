// Members and their devices: whether their town stands behind them, the words of their keys, their roles.
import { useState } from "preact/hooks";
import { valueLabel } from "../../base/format";
import { refreshSeat, seat, write } from "../../base/store";
import { t } from "../../base/words";
import { Chip, Loading, TownMark } from "../../parts/bits";
import { Table } from "../../parts/Table";
import { kRoles, type Member, type Membership } from "./membership";

async function decide(one: Member, deed: string, body: object, said: string): Promise<void> {
  if (await write(`/members/${one.replica}/${deed}`, body, said)) await refreshSeat();
}

function Standing({ one }: { one: Member }) {
  const compared = one.compared.includes(seat.value!.town);
  return (
    <>
      <p class="chips">
        {one.first ? (
          <Chip tone={compared || one.town === seat.value!.town ? "good" : "plain"}>{t("first_coordinator")}</Chip>
        ) : one.confirmed ? (
          <Chip tone="good">{one.confirmed_by ? t("confirmed_by", { who: one.confirmed_by.name }) : t("confirmed_by_town")}</Chip>
        ) : (
          <Chip tone="warn">{t("not_confirmed")}</Chip>
        )}
        {compared && <Chip tone="good">{t("words_compared")}</Chip>}
      </p>
      <p class="key-words">{one.words}</p>
    </>
  );
}

function Role({ one }: { one: Member }) {
  if (!one.may.role) return <>{valueLabel(one.role)}</>;
  return (
    <select
      aria-label={t("role_of", { who: one.name })}
      value={one.role}
      onChange={(event) => void decide(one, "role", { role: event.currentTarget.value }, "did.role")}
    >
      {kRoles.map((role) => (
        <option value={role}>{valueLabel(role)}</option>
      ))}
    </select>
  );
}

// Taking access away cannot be taken back: it is asked once more.
function Revoke({ one }: { one: Member }) {
  const [asked, setAsked] = useState(false);
  if (!asked) {
    return (
      <button type="button" class="small danger" onClick={() => setAsked(true)}>
        {t("revoke")}
        <span class="hidden"> ({one.name})</span>
      </button>
    );
  }
  return (
    <div role="alertdialog" aria-label={t("revoke")}>
      <p>{t("revoke_means", { who: one.name })}</p>
      <div class="actions">
        <button type="button" class="small danger" onClick={() => void decide(one, "revoke", {}, "did.revoke")}>
          {t("revoke_really")}
        </button>
        <button type="button" class="small" onClick={() => setAsked(false)}>
          {t("cancel")}
        </button>
      </div>
    </div>
  );
}

function Deeds({ one }: { one: Member }) {
  const ours = one.town === seat.value!.town;
  return (
    <div class="actions">
      {one.may.confirm && (
        <button type="button" class="small" onClick={() => void decide(one, "confirm", {}, "did.confirm_member")}>
          {ours ? t("stand_behind") : t("we_compared")}
          <span class="hidden"> ({one.name})</span>
        </button>
      )}
      {one.may.revoke && !one.own && <Revoke one={one} />}
    </div>
  );
}

function Row({ one }: { one: Member }) {
  return (
    <tr>
      <th scope="row">
        {one.name} {one.own && <Chip>{t("this_device")}</Chip>} {one.continues && <span class="note">{t("copy_of_device")}</span>}
        {one.revoked !== null && <Chip tone="bad">{t("revoked")}</Chip>}
      </th>
      <td>
        <TownMark id={one.town} />
      </td>
      <td>{one.revoked === null ? <Role one={one} /> : valueLabel(one.role)}</td>
      <td>{one.revoked === null && <Standing one={one} />}</td>
      <td>{one.revoked === null && <Deeds one={one} />}</td>
    </tr>
  );
}

export function Members({ membership }: { membership: Membership | null }) {
  if (!membership) return <Loading />;
  const sorted = [...membership.members].sort((a, b) => Number(a.revoked !== null) - Number(b.revoked !== null));
  return (
    <>
      <Table label={t("members")} columns={[t("member"), t("town"), t("role"), t("confirmation"), t("what_to_do")]}>
        {sorted.map((one) => (
          <Row key={one.replica} one={one} />
        ))}
      </Table>
      <p class="hint">{t("words_how")}</p>
    </>
  );
}
