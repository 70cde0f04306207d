# What the drills have in common: programs as processes of their own, in a folder that goes away.
# Sourced with $bin set; gives $work, start_server, stop_server, invite, and a function for each town.

work=$(mktemp -d -t twinning-drill-XXXXXX)
server=0
cleanup() {
  [ "$server" -eq 0 ] || { kill -9 "$server"; wait "$server"; } 2>/dev/null || true
  umount "$work"/* 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

fail() {
  echo "FAILED: $*"
  [ ! -f "$work/last" ] || cat "$work/last"
  [ ! -f "$work/server.log" ] || tail -n 8 "$work/server.log"
  exit 1
}

# start_server [DATA]: again at the addresses it had, unless $work/address has gone.
start_server() {
  local data=${1:-$work/server} listen=127.0.0.1:0 enrol=()
  if [ -s "$work/address" ]; then
    listen=$(cat "$work/address")
    enrol=(--enrol "$(cat "$work/enrolment")")
  fi
  rm -f "$work/address.new"
  "$bin/twinningd" --data "$data" --listen "$listen" "${enrol[@]}" --address-file "$work/address.new" \
    >>"$work/server.log" 2>&1 &
  server=$!
  until [ -s "$work/address.new" ]; do
    kill -0 "$server" 2>/dev/null || fail "the server did not start"
    sleep 0.01
  done
  head -n 1 "$work/address.new" >"$work/address"
  until enrolment_address >"$work/enrolment"; do sleep 0.01; done
}
# Where people join, as the log says it.
enrolment_address() { sed -n 's/.*for those who join at \([^,]*\),.*/\1/p' "$work/server.log" | tail -n 1 | grep .; }
# The process that strangers speak to; nothing when there is none now.
front() { cat "/proc/$server/task/"*/children 2>/dev/null | tr -d ' '; }
stop_server() {
  { kill "${1:--TERM}" "$server"; wait "$server"; } 2>/dev/null || true
  server=0
}

ctl() { "$bin/twinningctl" --data "$work/server" "$@"; }
ana() { "$bin/twinning" --replica "$work/ana" "$@"; }
ben() { "$bin/twinning" --replica "$work/ben" "$@"; }
cleo() { "$bin/twinning" --replica "$work/cleo" "$@"; }
invite() { ctl --json invite Link "$1" | sed -n 's/.*"code": *"\([^"]*\)".*/\1/p'; }

# A step that must succeed; what it said is shown when it does not.
must() { "$@" >"$work/last" 2>&1 || fail "$*"; }
# One that must not.
must_not() { ! "$@" >"$work/last" 2>&1 || fail "this succeeded: $*"; }
said() { grep -q -- "$1" "$work/last" || fail "it did not say \"$1\""; }

# Nothing that the doctor looks at is wrong; that there is no backup yet is none of it.
is_sound() { ctl doctor >"$work/last" 2>&1 || [ $? -eq 7 ] || fail "the doctor finds something wrong"; }

# Writes that were reported as saved are noted: everything noted must be everywhere at the end.
write() {
  local who=$1 what=$2
  must "$who" add activity title="$what"
  echo "$what" >>"$work/saved"
}

# A moment in so many milliseconds.
moment() { sleep "$(printf '0.%03d' $((RANDOM % $1)))"; }

# Whether everybody has all that was saved, once, and the same plan.
all_is_well() {
  local who digest=""
  for who in "$@"; do
    "$who" list activity | grep -o "write of [a-z]* [0-9]*" | sort >"$work/there"
    sort -u "$work/saved" >"$work/wanted"
    [ -z "$(comm -23 "$work/wanted" "$work/there")" ] ||
      fail "$who lacks: $(comm -23 "$work/wanted" "$work/there" | tr '\n' ';')"
    [ -z "$(uniq -d "$work/there")" ] || fail "$who has twice: $(uniq -d "$work/there")"
    [ -z "$digest" ] || [ "$digest" = "$("$who" digest | cut -d' ' -f1)" ] || fail "digests differ"
    digest=$("$who" digest | cut -d' ' -f1)
    must "$who" verify
  done
}
