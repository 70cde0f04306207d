// Invitations that coordinators make for their own town. A code is shown once and kept nowhere.
import { useState } from "preact/hooks";
import { type Failure, post } from "../../base/api";
import { formatTime, valueLabel } from "../../base/format";
import { at, lastFailure, refreshSeat, write } from "../../base/store";
import { t } from "../../base/words";
import { Chip } from "../../parts/bits";
import { useFieldId } from "../../parts/fields";
import { type Invite, kRoles, type Membership } from "./membership";

interface Made {
  code: string;
  expires: string;
}

function Code({ made }: { made: Made }) {
  const id = useFieldId("code");
  const [copied, setCopied] = useState(false);
  const copy = () => void navigator.clipboard.writeText(made.code).then(() => setCopied(true), () => {});
  return (
    <div class="card made-code" role="status">
      <label for={id}>{t("invitation_code")}</label>
      <textarea id={id} readOnly rows={3} value={made.code} onFocus={(event) => event.currentTarget.select()} />
      <p class="hint">{t("invitation_use", { time: formatTime(made.expires) })}</p>
      <div class="actions">
        <button type="button" onClick={copy}>{copied ? t("copied") : t("copy")}</button>
      </div>
    </div>
  );
}

function stateWords(one: Invite): string {
  if (one.state === "used") return one.used_by ? t("invitation_used_by", { who: one.used_by.name }) : t("invitation_used");
  if (one.state === "withdrawn") return t("invitation_withdrawn");
  return new Date(one.expires).getTime() < Date.now() ? t("invitation_ended") : t("invitation_until", { time: formatTime(one.expires) });
}

function List({ invites }: { invites: Invite[] }) {
  if (invites.length === 0) return null;
  return (
    <ul class="dates">
      {invites.map((one) => (
        <li key={one.id}>
          <span>{t("invitation_as", { role: valueLabel(one.role), who: one.by.name })}</span>
          <Chip tone={one.state === "used" ? "good" : "plain"}>{stateWords(one)}</Chip>
          {one.may_withdraw && (
            <button type="button" class="small" onClick={() => void write(`/invites/${one.id}/withdraw`, {}, "did.withdraw_invite")}>
              {t("withdraw_invitation")}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

export function Invites({ membership }: { membership: Membership | null }) {
  const role = useFieldId("role");
  const [chosen, setChosen] = useState("editor");
  const [made, setMade] = useState<Made | null>(null);
  if (!membership) return null;
  if (!membership.own.coordinates) return <p class="hint">{t("invitations_how")}</p>;
  const invite = async () => {
    try {
      setMade(await post<Made>(at("/invites"), { role: chosen }));
      lastFailure.value = null;
      await refreshSeat();
    } catch (failure) {
      lastFailure.value = failure as Failure;
    }
  };
  return (
    <>
      <form
        class="toolbar"
        onSubmit={(event) => {
          event.preventDefault();
          void invite();
        }}
      >
        <label for={role}>{t("invite_as")}</label>
        <select id={role} value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
          {kRoles.map((one) => (
            <option value={one}>{valueLabel(one)}</option>
          ))}
        </select>
        <button type="submit" class="primary">{t("make_invitation")}</button>
      </form>
      {made && <Code made={made} />}
      <List invites={membership.invites} />
    </>
  );
}
