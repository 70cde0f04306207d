// A record from a RecordState message. Every check that keeps a later edit from meeting what it
// cannot handle is here, for bytes from our own disk too: only texts are believed when trusted.
#include <fmt/core.h>
#include <google/protobuf/arena.h>

#include "common/base/status.h"
#include "common/merge/record_checksum.h"
#include "common/merge/record_codec.h"
#include "common/text/utf8.h"
#include "twinning/v1/snapshot.pb.h"

namespace twinning::merge {
namespace {

constexpr int kMaxPairDepth = 4;

absl::Status Damaged(std::string_view why) {
  return DataLoss(fmt::format("an encoded record is damaged: {}", why));
}

template <typename Fixed>  // an id or a hash
absl::Status Get(const std::string& bytes, std::string_view what, Fixed& out) {
  std::optional<Fixed> read = Fixed::Of(bytes);
  if (!read) return Damaged(fmt::format("the {} has {} bytes", what, bytes.size()));
  out = *read;
  return absl::OkStatus();
}

// Of confirmed state: nothing in it is pending.
absl::Status Get(const v1::StampState& state, Stamp& out) {
  if (state.sequence() == kPending) return Damaged("a write in it has no place in the ledger");
  out = {state.sequence(), state.replica(), state.number()};
  return absl::OkStatus();
}

bool IsCanonical(std::string_view value, int depth = 0) {
  if (value.empty()) return depth == 0;
  switch (value.front()) {
    case 's':
      return StringOf(value).has_value();
    case 'i':
      return IntegerOf(value).has_value();
    case 'd':
      return DateOf(value).has_value();
    case 'r':
      return ReferenceOf(value).has_value();
    case 'b':
      return true;
    case 'c':
      return CommitmentOf(value).has_value();
    case 'p':
      break;
    default:
      return false;
  }
  std::optional<PairMembers> members = PairOf(value);
  if (!members || depth == kMaxPairDepth) return false;
  for (const auto& [number, member] : *members) {
    if (!IsCanonical(member, depth + 1)) return false;
  }
  return true;
}

// What a candidate's value is: a canonical value, or the words of a passage.
enum class Content { kValue, kWords };

absl::Status CheckContent(std::string_view value, Content content) {
  bool good = content == Content::kWords ? text::IsValidUtf8(value) : IsCanonical(value);
  return good ? absl::OkStatus() : Damaged("a value in it is not canonical");
}

absl::Status Get(const v1::CandidateState& state, Content content, Candidate& out) {
  TWINNING_RETURN_IF_ERROR(Get(state.stamp(), out.stamp));
  TWINNING_RETURN_IF_ERROR(CheckContent(state.value(), content));
  out.value = state.value();
  out.time_ms = state.time_ms();
  return absl::OkStatus();
}

template <typename States>
absl::Status GetCandidates(const States& states, Content content, std::vector<Candidate>& out) {
  out.reserve(static_cast<size_t>(states.size()));
  for (const v1::CandidateState& state : states) {
    TWINNING_RETURN_IF_ERROR(Get(state, content, out.emplace_back()));
  }
  return absl::OkStatus();
}

absl::Status Get(const v1::ConflictState& state, OpenConflict& out) {
  TWINNING_RETURN_IF_ERROR(Get(state.id(), "id of a conflict", out.id));
  if (state.opened() == kPending) return Damaged("a conflict in it is provisional");
  out.opened = state.opened();
  return absl::OkStatus();
}

absl::Status Get(const v1::TouchState& state, Touch& out) {
  TWINNING_RETURN_IF_ERROR(Get(state.stamp(), out.stamp));
  TWINNING_RETURN_IF_ERROR(Get(state.source(), "id of a record that touches it", out.source));
  out.time_ms = state.time_ms();
  return absl::OkStatus();
}

template <typename States>
absl::Status GetTouches(const States& states, std::vector<Touch>& out) {
  for (const v1::TouchState& state : states) {
    TWINNING_RETURN_IF_ERROR(Get(state, out.emplace_back()));
  }
  return absl::OkStatus();
}

// A place for what comes under `key`, which must be above every key so far.
template <typename Map>
absl::StatusOr<typename Map::mapped_type*> AddTo(Map& map, typename Map::key_type key) {
  if (!map.empty() && !(map.rbegin()->first < key)) return Damaged("its parts are out of order");
  return &map.emplace_hint(map.end(), std::move(key), typename Map::mapped_type())->second;
}

absl::Status Get(const v1::RegisterState& state, Register& out) {
  TWINNING_RETURN_IF_ERROR(GetCandidates(state.candidates(), Content::kValue, out.candidates));
  if (!state.has_conflict()) return absl::OkStatus();
  if (out.candidates.size() < 2) return Damaged("a conflict in it is between fewer than two");
  return Get(state.conflict(), out.conflict.emplace());
}

absl::Status Get(const v1::SetState& state, SetField& out) {
  for (const v1::ElementState& element : state.elements()) {
    TWINNING_RETURN_IF_ERROR(CheckContent(element.value(), Content::kValue));
    TWINNING_ASSIGN_OR_RETURN(std::vector<Stamp> * adds, AddTo(out.adds, element.value()));
    if (element.adds().empty()) return Damaged("an element that nobody added");
    for (const v1::StampState& add : element.adds()) {
      TWINNING_RETURN_IF_ERROR(Get(add, adds->emplace_back()));
    }
  }
  return absl::OkStatus();
}

// Row `i`; none when the marks leave the ledger's order or the text's operations.
std::optional<TextField::Mark> Next(const v1::MarksState& state, int i,
                                    const TextField::Mark& before, text::Operation operations) {
  uint64_t came = state.operations(i);
  if (state.sequences(i) >= kPending - before.stamp.sequence || came == 0 ||
      came > static_cast<uint64_t>(operations - before.end)) {
    return std::nullopt;
  }
  TextField::Mark mark;
  mark.stamp = {before.stamp.sequence + state.sequences(i), state.replicas(i), state.numbers(i)};
  mark.end = before.end + static_cast<text::Operation>(came);
  mark.time_ms = static_cast<int64_t>(static_cast<uint64_t>(before.time_ms) +
                                      static_cast<uint64_t>(state.times_ms(i)));
  return mark;
}

absl::Status GetMarks(const v1::MarksState& state, TextField& field) {
  int rows = state.sequences_size();
  if (state.replicas_size() != rows || state.numbers_size() != rows ||
      state.operations_size() != rows || state.times_ms_size() != rows) {
    return Damaged("the marks of a text are incomplete");
  }
  field.marks.reserve(static_cast<size_t>(rows));
  TextField::Mark before;
  for (int i = 0; i < rows; ++i) {
    std::optional<TextField::Mark> mark = Next(state, i, before, field.document.operations());
    if (!mark) return Damaged("the marks of a text are out of order");
    field.marks.push_back(before = *mark);
  }
  if (before.end != field.document.operations()) {
    return Damaged("the marks of a text do not cover its history");
  }
  return absl::OkStatus();
}

absl::Status Get(const v1::PassageState& state, int64_t size, PassageConflict& out) {
  TWINNING_RETURN_IF_ERROR(Get(state.conflict(), out.conflict));
  if (state.begin() > state.end() || state.end() > static_cast<uint64_t>(size)) {
    return Damaged("a passage in it lies outside its text");
  }
  out.begin = static_cast<int64_t>(state.begin());
  out.end = static_cast<int64_t>(state.end());
  if (state.candidates().empty()) return Damaged("a conflict in it is between nothing");
  return GetCandidates(state.candidates(), Content::kWords, out.candidates);
}

absl::Status Get(const v1::TextState& state, bool trusted, TextField& out) {
  absl::StatusOr<text::Document> document =
      trusted ? text::Document::Open(state.document()) : text::Document::Decode(state.document());
  if (!document.ok()) return Damaged(MessageOf(document.status()));
  out.document = *std::move(document);
  TWINNING_RETURN_IF_ERROR(GetMarks(state.marks(), out));
  for (const v1::PassageState& open : state.conflicts()) {
    TWINNING_RETURN_IF_ERROR(Get(open, out.document.size(), out.conflicts.emplace_back()));
  }
  return absl::OkStatus();
}

absl::Status Get(const v1::ExistenceState& state, Existence& out) {
  for (const v1::DeletionState& deletion : state.deletions()) {
    Deletion& read = out.deletions.emplace_back();
    TWINNING_RETURN_IF_ERROR(Get(deletion.stamp(), read.stamp));
    read.time_ms = deletion.time_ms();
    TWINNING_RETURN_IF_ERROR(GetTouches(deletion.challengers(), read.challengers));
  }
  TWINNING_RETURN_IF_ERROR(GetTouches(state.touches(), out.touches));
  return state.has_conflict() ? Get(state.conflict(), out.conflict.emplace()) : absl::OkStatus();
}

absl::Status Get(const v1::ConsentState& state, Consent& out) {
  TWINNING_RETURN_IF_ERROR(Get(state.stamp(), out.stamp));
  TWINNING_RETURN_IF_ERROR(Get(state.town(), "id of a town", out.town));
  out.agrees = state.agrees();
  if (out.agrees) TWINNING_RETURN_IF_ERROR(Get(state.terms(), "digest of terms", out.terms));
  out.form = state.form();
  out.languages.assign(state.languages().begin(), state.languages().end());
  out.statement = state.statement();
  out.signature = state.signature();
  out.time_ms = state.time_ms();
  return absl::OkStatus();
}

absl::Status Get(const v1::ConfirmationState& state, TextConfirmation& out) {
  TWINNING_RETURN_IF_ERROR(Get(state.stamp(), out.stamp));
  TWINNING_RETURN_IF_ERROR(Get(state.own_digest(), "digest of a text", out.own));
  return Get(state.counterpart_digest(), "digest of a counterpart", out.counterpart);
}

absl::Status Get(const v1::SettledState& state, SettledConflict& out) {
  TWINNING_RETURN_IF_ERROR(Get(state.id(), "id of a settled conflict", out.id));
  if (state.kind() < 1 || state.kind() > 3) return Damaged("a settled conflict of unknown kind");
  out.kind = static_cast<ConflictKind>(state.kind());
  Content content = out.kind == ConflictKind::kPassage ? Content::kWords : Content::kValue;
  out.field = state.field();
  out.language = state.language();
  TWINNING_RETURN_IF_ERROR(GetCandidates(state.candidates(), content, out.candidates));
  TWINNING_RETURN_IF_ERROR(Get(state.by(), out.by));
  out.time_ms = state.time_ms();
  TWINNING_RETURN_IF_ERROR(CheckContent(state.outcome(), content));
  out.outcome = state.outcome();
  out.by_name = state.by_name();
  out.diverged = state.diverged();
  out.reopened = state.reopened();
  return absl::OkStatus();
}

absl::Status GetFields(const v1::RecordState& state, bool trusted, Record& out) {
  for (const v1::RegisterState& reg : state.registers()) {
    TWINNING_ASSIGN_OR_RETURN(Register * place, AddTo(out.registers, reg.field()));
    TWINNING_RETURN_IF_ERROR(Get(reg, *place));
  }
  for (const v1::SetState& set : state.sets()) {
    TWINNING_ASSIGN_OR_RETURN(SetField * place, AddTo(out.sets, set.field()));
    TWINNING_RETURN_IF_ERROR(Get(set, *place));
  }
  for (const v1::CounterState& counter : state.counters()) {
    TWINNING_ASSIGN_OR_RETURN(int64_t * place, AddTo(out.counters, counter.field()));
    *place = counter.value();
  }
  for (const v1::TextState& text : state.texts()) {
    TWINNING_ASSIGN_OR_RETURN(TextField * place,
                              AddTo(out.texts, TextKey{text.field(), text.language()}));
    TWINNING_RETURN_IF_ERROR(Get(text, trusted, *place));
  }
  return absl::OkStatus();
}

absl::Status GetConfirmations(const v1::RecordState& state, Record& out) {
  for (const v1::ConfirmationState& confirmation : state.confirmations()) {
    TextKey key{confirmation.field(), confirmation.language()};
    TWINNING_ASSIGN_OR_RETURN(
        TextConfirmation * place,
        AddTo(out.confirmations, std::pair(std::move(key), confirmation.counterpart())));
    TWINNING_RETURN_IF_ERROR(Get(confirmation, *place));
  }
  return absl::OkStatus();
}

absl::Status Get(const v1::RecordState& state, bool trusted, Record& out) {
  TWINNING_RETURN_IF_ERROR(Get(state.id(), "id", out.id));
  out.kind = state.kind();
  TWINNING_RETURN_IF_ERROR(Get(state.created(), out.created));
  out.created_ms = state.created_ms();
  TWINNING_RETURN_IF_ERROR(GetFields(state, trusted, out));
  TWINNING_RETURN_IF_ERROR(Get(state.existence(), out.existence));
  for (const v1::ConsentState& consent : state.consents()) {
    TWINNING_RETURN_IF_ERROR(Get(consent, out.consents.emplace_back()));
  }
  TWINNING_RETURN_IF_ERROR(GetConfirmations(state, out));
  for (const v1::SettledState& settled : state.settled()) {
    TWINNING_RETURN_IF_ERROR(Get(settled, out.settled.emplace_back()));
  }
  if (state.has_diverged()) {
    TWINNING_RETURN_IF_ERROR(Get(state.diverged().stamp(), out.diverged.emplace()));
    out.diverged_base = state.diverged().base();
  }
  if (!state.has_branch()) return absl::OkStatus();
  TWINNING_RETURN_IF_ERROR(Get(state.branch().record(), "id of its origin", out.branch_of));
  return Get(state.branch().town(), "id of its town", out.branch_town);
}

}  // namespace

absl::StatusOr<Record> DecodeRecord(std::string_view bytes, bool trusted) {
  if (bytes.size() > INT32_MAX) return Damaged("it is too large");
  std::optional<std::string_view> covered = Unchecksummed(bytes);
  if (!covered) return Damaged("its checksum does not fit");
  google::protobuf::Arena arena;
  auto* state = google::protobuf::Arena::CreateMessage<v1::RecordState>(&arena);
  if (!state->ParseFromArray(covered->data(), static_cast<int>(covered->size()))) {
    return Damaged("it does not read as one");
  }
  Record record;
  TWINNING_RETURN_IF_ERROR(Get(*state, trusted, record));
  return record;
}

}  // namespace twinning::merge
