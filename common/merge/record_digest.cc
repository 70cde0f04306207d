// A record's canonical form and its digest; the grammar is in MERGE.md.
#include "common/base/bytes.h"
#include "common/merge/record_codec.h"

namespace twinning::merge {
namespace {

// Writes the form. Parts come in a fixed order, each with its count, so that no two records have
// one form; whatever is empty is left out, so that a field once looked at is as one never touched.
class Form {
 public:
  void Put(const Record& record);
  const std::string& bytes() const { return bytes_; }

 private:
  void Count(uint64_t value) { AppendVarint(value, bytes_); }
  void Time(int64_t time_ms) { AppendVarint(ZigZag(time_ms), bytes_); }
  void Bytes(std::string_view bytes) { AppendPrefixed(bytes, bytes_); }
  void Fixed(std::string_view bytes) { bytes_.append(bytes); }

  void Put(const Stamp& stamp);
  void Put(const Candidate& candidate);
  void Put(const std::optional<OpenConflict>& conflict);
  void Put(const Register& reg);
  void Put(const SetField& set);
  void Put(const TextField& text);
  void Put(const TextField::Mark& mark);
  void Put(const PassageConflict& open);
  void Put(const Touch& touch);
  void Put(const Deletion& deletion);
  void Put(const Existence& existence);
  void Put(const Consent& consent);
  void Put(const SettledConflict& settled);
  void PutFields(const Record& record);
  void PutConfirmations(const Record& record);
  void PutDivergence(const Record& record);

  template <typename Items>
  void All(const Items& items) {
    Count(items.size());
    for (const auto& item : items) Put(item);
  }

  std::string bytes_;
};

bool Empty(const Register& reg) { return reg.candidates.empty() && !reg.conflict; }
bool Empty(const SetField& set) { return set.adds.empty(); }
bool Empty(const TextField& text) { return text.marks.empty() && text.conflicts.empty(); }
bool Empty(int64_t counter) { return counter == 0; }

template <typename Map>
uint64_t Present(const Map& map) {
  uint64_t count = 0;
  for (const auto& [key, field] : map) count += Empty(field) ? 0 : 1;
  return count;
}

void Form::Put(const Stamp& stamp) {
  Count(stamp.sequence);
  Count(stamp.replica);
  Count(stamp.number);
}

void Form::Put(const Candidate& candidate) {
  Put(candidate.stamp);
  Bytes(candidate.value);
  Time(candidate.time_ms);
}

void Form::Put(const std::optional<OpenConflict>& conflict) {
  Count(conflict ? 1 : 0);
  if (!conflict) return;
  Fixed(conflict->id.bytes());
  Count(conflict->opened);
}

void Form::Put(const Register& reg) {
  All(reg.candidates);
  Put(reg.conflict);
}

void Form::Put(const SetField& set) {
  Count(set.adds.size());
  for (const auto& [value, adds] : set.adds) {
    Bytes(value);
    All(adds);
  }
}

void Form::Put(const TextField::Mark& mark) {
  Put(mark.stamp);
  Count(static_cast<uint64_t>(mark.end));
  Time(mark.time_ms);
}

void Form::Put(const PassageConflict& open) {
  Fixed(open.conflict.id.bytes());
  Count(open.conflict.opened);
  Count(static_cast<uint64_t>(open.begin));
  Count(static_cast<uint64_t>(open.end));
  All(open.candidates);
}

void Form::Put(const TextField& text) {
  Bytes(text.document.text());
  const text::Version& version = text.document.version();
  Count(version.size());
  for (text::Operation operation : version) Count(static_cast<uint64_t>(operation));
  All(text.marks);
  All(text.conflicts);
}

void Form::Put(const Touch& touch) {
  Put(touch.stamp);
  Fixed(touch.source.bytes());
  Time(touch.time_ms);
}

void Form::Put(const Deletion& deletion) {
  Put(deletion.stamp);
  Time(deletion.time_ms);
  All(deletion.challengers);
}

void Form::Put(const Existence& existence) {
  All(existence.deletions);
  All(existence.touches);
  Put(existence.conflict);
}

void Form::Put(const Consent& consent) {
  Put(consent.stamp);
  Fixed(consent.town.bytes());
  Count(consent.agrees ? 1 : 0);
  Fixed(consent.terms.bytes());
  Count(consent.form);
  Count(consent.languages.size());
  for (const std::string& language : consent.languages) Bytes(language);
  Bytes(consent.statement);
  Bytes(consent.signature);
  Time(consent.time_ms);
}

void Form::Put(const SettledConflict& settled) {
  Fixed(settled.id.bytes());
  Count(static_cast<uint64_t>(settled.kind));
  Count(settled.field);
  Bytes(settled.language);
  All(settled.candidates);
  Put(settled.by);
  Time(settled.time_ms);
  Bytes(settled.outcome);
  Count((settled.by_name ? 1 : 0) | (settled.diverged ? 2 : 0) | (settled.reopened ? 4 : 0));
}

void Form::PutFields(const Record& record) {
  Count(Present(record.registers));
  for (const auto& [number, reg] : record.registers) {
    if (Empty(reg)) continue;
    Count(number);
    Put(reg);
  }
  Count(Present(record.sets));
  for (const auto& [number, set] : record.sets) {
    if (Empty(set)) continue;
    Count(number);
    Put(set);
  }
  Count(Present(record.counters));
  for (const auto& [number, value] : record.counters) {
    if (Empty(value)) continue;
    Count(number);
    Count(ZigZag(value));
  }
  Count(Present(record.texts));
  for (const auto& [key, text] : record.texts) {
    if (Empty(text)) continue;
    Count(key.field);
    Bytes(key.language);
    Put(text);
  }
}

void Form::PutConfirmations(const Record& record) {
  Count(record.confirmations.size());
  for (const auto& [pair, confirmation] : record.confirmations) {
    Count(pair.first.field);
    Bytes(pair.first.language);
    Bytes(pair.second);
    Put(confirmation.stamp);
    Fixed(confirmation.own.bytes());
    Fixed(confirmation.counterpart.bytes());
  }
}

void Form::PutDivergence(const Record& record) {
  Count(record.diverged ? 1 : 0);
  if (record.diverged) {
    Put(*record.diverged);
    Count(record.diverged_base);
  }
  Fixed(record.branch_of.bytes());
  Fixed(record.branch_town.bytes());
}

void Form::Put(const Record& record) {
  bytes_.reserve(512);
  Fixed(record.id.bytes());
  Count(record.kind);
  Put(record.created);
  Time(record.created_ms);
  PutFields(record);
  Put(record.existence);
  All(record.consents);
  PutConfirmations(record);
  All(record.settled);
  PutDivergence(record);
}

}  // namespace

Hash RecordDigest(const Record& record) {
  Form form;
  form.Put(record);
  return HashOf("twinning.record.v1", form.bytes());
}

}  // namespace twinning::merge
