// Who takes part, and what this member may do about it, as the program answers it.
import { useEffect, useState } from "preact/hooks";
import { get } from "../../base/api";
import { at, moment } from "../../base/store";

export interface Person {
  replica: string;
  name: string;
  town: string;
}

export interface Member extends Person {
  role: string;
  own: boolean; // this device
  first: boolean; // its town's first coordinator
  confirmed: boolean; // by its town
  confirmed_by: Person | null;
  compared: string[]; // towns whose people compared the words by telephone
  words: string; // eight words of its key
  revoked: number | null;
  continues: string | null; // it is a copy of that device
  may: { confirm: boolean; role: boolean; revoke: boolean };
}

export interface Invite {
  id: string;
  town: string;
  role: string;
  by: Person;
  expires: string;
  state: "open" | "used" | "withdrawn";
  used_by: Person | null;
  may_withdraw: boolean;
}

export interface Membership {
  own: { replica: string; role: string; confirmed: boolean; coordinates: boolean };
  members: Member[];
  invites: Invite[];
}

export const kRoles = ["viewer", "editor", "representative", "coordinator"];

export function useMembership(): Membership | null {
  const [answer, setAnswer] = useState<Membership | null>(null);
  const now = moment.value;
  useEffect(() => {
    let over = false;
    void get<Membership>(at("/members")).then((latest) => over || setAnswer(latest), () => {});
    return () => {
      over = true;
    };
  }, [now]);
  return answer;
}
