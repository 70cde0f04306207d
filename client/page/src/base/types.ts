// The shapes that the program answers with.

export interface Field {
  name: string;
  label: string;
  unit: string;
  rule: "register" | "pair" | "quiet_register" | "text" | "set" | "counter";
  type: "string" | "integer" | "boolean" | "enum" | "date" | "reference" | "bytes" | "pair" | "text";
  message: string;
  values: string[];
  members: { name: string; type: string; values: string[] }[];
  targets: string[];
  terms: boolean;
  personal: boolean;
  owner: boolean;
  participants: boolean;
  required: boolean;
}

export interface Kind {
  name: string;
  label: string;
  plural: string;
  writers: "any_town" | "own_town" | "owner_or_any" | "author_only";
  title_field: string | null;
  append_only: boolean;
  needs_agreement: boolean;
  takes_positions: boolean;
  equally_authentic: boolean;
  fields: Field[];
}

export interface Town {
  id: string;
  name: string;
  own: boolean;
}

export interface Member {
  replica: string;
  town: string;
  name: string;
  role: string;
  own: boolean;
  revoked: boolean;
}

export interface Sync {
  connected: boolean;
  synced: boolean;
  sequence: number;
  server_sequence: number;
  outbox: number;
  refused: number;
  history_complete: boolean;
  needs_update: boolean;
  problem: string | null;
}

export interface Seat {
  partnership: string;
  id: string;
  town: string;
  member: string;
  towns: Town[];
  members: Member[];
  schema: Kind[];
  sync: Sync;
  server: string;
  today: string;
  seen: number; // up to this entry; and single later ones:
  accepted: number[];
}

// A partnership as the list of them names it.
export interface SeatName {
  id: string;
  name: string;
  town: string;
}

// What a page needs first, of one partnership.
export interface Opened {
  partnership: Seat;
  needs: NeedsOfAKind[];
  conflicts: Conflict[];
  records: PlanRecord[]; // that the needs name
  event: string; // what happened after it is not in this
}

export type Stance = "supports" | "reservation" | "objects" | "undecided";

export interface Position {
  town: string;
  name: string;
  stance: Stance | null;
  current: boolean;
}

export interface Consent {
  town: string;
  name: string;
  state: "agrees" | "lapsed" | "withdrawn" | "none";
  time?: string;
}

// A record's fields as the API answers them.
export type Value = any;

export interface PlanRecord {
  id: string;
  kind: string;
  title: string;
  deleted: boolean;
  visible: boolean;
  writable: boolean;
  created: string;
  author: string | null;
  author_town: string | null;
  owner: string | null;
  branch_town: string | null;
  branch_of: string | null;
  branches: { id: string; town: string }[];
  conflicts: string[];
  fields: Record<string, Value>;
  agreement: { agreed: boolean; conflict: boolean; towns: Consent[]; words?: string } | null;
  standing: { in_the_plan: boolean; positions: Position[] } | null;
  signed: boolean;
  stale: { field: string; language: string; counterpart: string }[];
}

export interface Candidate {
  author: string;
  town: string;
  town_name?: string;
  time: string;
  value: Value;
  shown: boolean;
  [more: string]: any;
}

export interface Conflict {
  id: string;
  record: string;
  record_title: string;
  field: string | null;
  language: string | null;
  kind: "values" | "passage" | "deletion";
  provisional: boolean;
  candidates: Candidate[];
  settled: {
    by: string | null;
    town: string;
    time: string;
    outcome: Value;
    diverged: boolean;
    reopened: boolean;
  } | null;
}

export interface Need {
  need: string;
  record: string;
  field: string | null;
  conflict: string | null;
}

// All needs of one kind: how many, and the first few of them.
export interface NeedsOfAKind {
  need: string;
  count: number;
  first: Need[];
}

export interface Piece {
  is: "same" | "removed" | "added";
  text: string;
}

export interface FieldChange {
  field: string | null;
  language?: string;
  before?: string;
  after?: string;
  before_value?: Value;
  after_value?: Value;
  added_values?: Value[];
  removed_values?: Value[];
  added?: string[];
  removed?: string[];
  pieces?: Piece[];
}

export interface RecordChange {
  record: string;
  kind: string | null;
  title: string | null;
  made?: boolean;
  fields: FieldChange[];
}

export interface Deed {
  deed: string;
  record: string;
  kind: string | null;
  title: string | null;
  field: string | null;
}

export interface LogItem {
  sequence: number | null;
  entry: string | null;
  time: string;
  author: string | null;
  town: string | null;
  change: number | null;
  change_set: string | null;
  deeds: Deed[];
  refused: { code: string; first: number; last: number } | null;
  member: { action: string; town: string; name: string; role: string } | null;
  changes: RecordChange[];
}

export interface Saved {
  id: string | null;
  change: number | null;
}
