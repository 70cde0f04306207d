#include "common/plan/standing.h"

#include <algorithm>

#include "common/base/fault.h"
#include "common/plan/terms.h"

namespace twinning::plan {
namespace {

// Of what a town has said that none of its own later words replaced: a withdrawal wins.
TownConsent ConsentOf(const Plan& plan, const merge::Record& record, const TownId& town) {
  TownConsent result;
  result.town = town;
  for (const merge::Consent& consent : record.consents) {
    if (consent.town != town) continue;
    if (!consent.agrees) {
      result.state = Consenting::kWithdrawn;
      result.consent = consent;
      return result;
    }
    bool holds =
        consent.form == kTermsForm && consent.terms == TermsDigest(plan, record, consent.languages);
    if (TWINNING_FAULT("agreement ignores terms")) holds = true;
    if (result.state != Consenting::kAgrees) {
      result.state = holds ? Consenting::kAgrees : Consenting::kLapsed;
      result.consent = consent;
    }
  }
  return result;
}

// What must say the same in every language is agreed in all of them, and with none stale.
bool CoversAll(const Plan& plan, const merge::Record& record, const TownConsent& town) {
  if (!plan.KindOf(record)->equally_authentic) return true;
  return town.consent->languages == TermLanguages(plan, record);
}

const merge::Register* StanceOf(const Plan& plan, const merge::Record& position) {
  const merge::Field* field = plan.KindOf(position)->FieldByName("stance");
  if (field == nullptr) return nullptr;
  auto found = position.registers.find(field->number);
  return found != position.registers.end() ? &found->second : nullptr;
}

// The digest of a record's words, worked out when somebody first asks for it.
class Words {
 public:
  Words(const Plan& plan, const merge::Record& record) : plan_(plan), record_(record) {}
  const Hash& digest() {
    if (!digest_) digest_ = WordsDigest(plan_, record_);
    return *digest_;
  }

 private:
  const Plan& plan_;
  const merge::Record& record_;
  std::optional<Hash> digest_;
};

TownPosition PositionOn(const Plan& plan, const merge::Record& record, const TownId& town,
                        Words& words) {
  TownPosition result;
  result.town = town;
  result.position = PositionId(record.id, town);
  const merge::Record* position = plan.Find(result.position);
  if (position == nullptr || !plan.Visible(*position)) return result;
  const merge::Register* stance = StanceOf(plan, *position);
  if (stance == nullptr) return result;
  result.conflict = stance->conflict.has_value();
  // Of several who say the same, it is enough that one has read the words as they are.
  for (const merge::Candidate& candidate : stance->candidates) {
    if (!merge::SayTheSame(candidate.value, stance->shown())) continue;
    std::optional<merge::PairMembers> members = merge::PairOf(candidate.value);
    if (!members) continue;
    for (const auto& [number, value] : *members) {
      if (number == 1) {
        result.stance = static_cast<v1::StanceKind>(merge::IntegerOf(value).value_or(0));
      }
      if (number == 2 && merge::BytesOf(value) == words.digest().bytes()) result.current = true;
    }
  }
  return result;
}

bool Supports(const TownPosition& position) {
  return position.current && !position.conflict &&
         (position.stance == v1::SUPPORTS || position.stance == v1::RESERVATION);
}

// Nobody objects, and whose it is supports it; all support what is shared.
bool BroadlyAgreed(const std::vector<TownPosition>& positions, std::optional<TownId> owner) {
  if (positions.empty()) return false;
  return std::all_of(positions.begin(), positions.end(), [&](const TownPosition& position) {
    if (!owner || *owner == position.town) return Supports(position);
    return position.stance != v1::OBJECTS && !position.conflict;
  });
}

// The field by which a record says which record of `kind` it ratifies.
const merge::Field* RatifiesField(const merge::Kind& ratification, uint32_t kind) {
  for (const merge::Field& field : ratification.fields) {
    if (field.rule == v1::REGISTER && field.keeps_alive &&
        std::find(field.targets.begin(), field.targets.end(), kind) != field.targets.end()) {
      return &field;
    }
  }
  return nullptr;
}

}  // namespace

Agreement AgreementOf(const Plan& plan, const merge::Record& record) {
  Agreement agreement;
  const merge::Kind* kind = plan.KindOf(record);
  agreement.applies = kind != nullptr && kind->needs_agreement;
  if (!agreement.applies) return agreement;
  agreement.conflict = TermsInConflict(plan, record);
  agreement.agreed = !agreement.conflict;
  for (const TownId& town : plan.Participants(record)) {
    agreement.towns.push_back(ConsentOf(plan, record, town));
    const TownConsent& consent = agreement.towns.back();
    bool agrees = consent.state == Consenting::kAgrees && CoversAll(plan, record, consent);
    agreement.agreed = agreement.agreed && agrees;
  }
  if (agreement.towns.empty()) agreement.agreed = false;
  if (kind->equally_authentic && !StalePairs(plan, record).empty()) agreement.agreed = false;
  return agreement;
}

Standing StandingOf(const Plan& plan, const merge::Record& record) {
  Standing standing;
  const merge::Kind* kind = plan.KindOf(record);
  standing.applies = kind != nullptr && kind->takes_positions;
  if (!standing.applies) return standing;
  Words words(plan, record);
  for (const TownId& town : plan.Participants(record)) {
    standing.positions.push_back(PositionOn(plan, record, town, words));
  }
  standing.in_the_plan =
      !TermsInConflict(plan, record) && BroadlyAgreed(standing.positions, plan.OwnerOf(record));
  return standing;
}

std::optional<TownPosition> PositionOf(const Plan& plan, const merge::Record& record,
                                       const TownId& town) {
  const merge::Kind* kind = plan.KindOf(record);
  if (kind == nullptr || !kind->takes_positions) return std::nullopt;
  const std::vector<TownId> towns = plan.Participants(record);
  if (std::find(towns.begin(), towns.end(), town) == towns.end()) return std::nullopt;
  Words words(plan, record);
  return PositionOn(plan, record, town, words);
}

bool Signed(const Plan& plan, const merge::Record& record) {
  const merge::Kind* ratification = plan.schema().KindByName("ratification");
  const merge::Field* names =
      ratification != nullptr ? RatifiesField(*ratification, record.kind) : nullptr;
  if (names == nullptr || TermsInConflict(plan, record)) return false;
  if (plan.KindOf(record)->equally_authentic && !StalePairs(plan, record).empty()) return false;
  uint32_t digest_field = ratification->FieldByName("digest")->number;
  std::string digest = merge::BytesValue(WordsDigest(plan, record).bytes());
  std::set<TownId> ratified;
  plan.records().ForEach(ratification->number, [&](const merge::Record& one) {
    if (!plan.Visible(one) || plan.Shown(one, digest_field) != digest) return;
    if (merge::ReferenceOf(plan.Shown(one, names->number)) != record.id) return;
    if (std::optional<TownId> town = plan.OwnerOf(one)) ratified.insert(*town);
  });
  std::vector<TownId> towns = plan.Participants(record);
  return !towns.empty() && std::all_of(towns.begin(), towns.end(), [&](const TownId& town) {
    return ratified.count(town) > 0;
  });
}

std::vector<StalePair> StalePairs(const Plan& plan, const merge::Record& record) {
  std::vector<StalePair> stale;
  std::map<merge::TextKey, Hash> digests;
  for (const auto& [key, text] : record.texts) {
    if (IsTerm(plan, record, key.field) && text.document.size() > 0) {
      digests[key] = Sha256(text.document.text());
    }
  }
  for (const auto& [key, own] : digests) {
    for (const auto& [other, theirs] : digests) {
      if (other.field != key.field || other.language <= key.language) continue;
      auto confirmed = [&](const merge::TextKey& a, const Hash& mine, const std::string& b,
                           const Hash& its) {
        auto found = record.confirmations.find({a, b});
        return found != record.confirmations.end() && found->second.own == mine &&
               found->second.counterpart == its;
      };
      if (confirmed(key, own, other.language, theirs) ||
          confirmed(other, theirs, key.language, own)) {
        continue;
      }
      stale.push_back({key, other.language});
    }
  }
  return stale;
}

}  // namespace twinning::plan
