#include "common/plan/attention.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "common/plan/conflicts.h"
#include "common/plan/standing.h"
#include "common/plan/titles.h"

namespace twinning::plan {
namespace {

// Collects what one town has to look at, record by record.
class Collector {
 public:
  Collector(const Plan& plan, const TownId& town, Days today)
      : plan_(plan), town_(town), today_(today) {
    FindResponsible();
  }

  void Look(const merge::Record& record) {
    const merge::Kind* kind = plan_.KindOf(record);
    if (kind == nullptr || !plan_.Visible(record)) return;
    LookAtConflicts(record);
    LookAtPositions(record);
    LookAtAgreement(record);
    LookAtLanguages(record);
    LookAtReferences(record, *kind);
    LookAtDates(record, *kind);
    LookAtBudget(record, *kind);
    LookAtResponsible(record, *kind);
  }

  void LookAtMembers() {
    for (const Member& member : plan_.members()) {
      const merge::Record* town = plan_.Find(member.town);
      bool own = member.town == town_ && member.revoked == 0 && !member.confirmed();
      if (!own || town == nullptr) continue;
      Add(Need::kConfirmMember, *town,
          fmt::format("{} was enrolled for your town by the server's operator alone: confirm or "
                      "revoke that (twinning members).",
                      member.name));
    }
  }

  std::vector<AttentionItem> Items() {
    std::stable_sort(items_.begin(), items_.end(), [](const auto& a, const auto& b) {
      return std::pair(a.need, a.record) < std::pair(b.need, b.record);
    });
    return std::move(items_);
  }

 private:
  void Add(Need need, const merge::Record& record, std::string text, uint32_t field = 0,
           Hash conflict = {}) {
    items_.push_back({need, record.id, conflict, field, std::move(text)});
  }

  std::string Name(const merge::Record& record) const { return NameOf(plan_, record); }

  void FindResponsible() {
    const merge::Kind* kind = plan_.schema().KindByName("responsibility");
    const merge::Field* field = kind != nullptr ? kind->FieldByName("activity") : nullptr;
    if (field == nullptr) return;
    plan_.records().ForEach(kind->number, [&](const merge::Record& record) {
      std::optional<RecordId> id = merge::ReferenceOf(plan_.Shown(record, field->number));
      if (id && plan_.Visible(record)) responsible_.insert(*id);
    });
  }

  void LookAtConflicts(const merge::Record& record) {
    if (!HasOpenConflict(record)) return;
    for (const Conflict& conflict : ConflictsOf(plan_, record, false)) {
      const merge::Field* field = plan_.KindOf(record)->FieldByNumber(conflict.field);
      std::string what = "whether it is deleted";
      if (field != nullptr) what = fmt::format("its {}", field->label);
      Add(Need::kConflict, record,
          fmt::format("The towns differ on {}: {}. Settle conflict {}.", Name(record), what,
                      HexOf(conflict.id.bytes()).substr(0, 8)),
          conflict.field, conflict.id);
    }
  }

  void LookAtPositions(const merge::Record& record) {
    const std::optional<TownPosition> position = PositionOf(plan_, record, town_);
    if (!position) return;
    if (position->stance == v1::STANCE_UNSPECIFIED) {
      Add(Need::kStatePosition, record,
          fmt::format("Your town has not said where it stands on {}.", Name(record)));
    } else if (!position->current) {
      Add(Need::kConfirmPosition, record,
          fmt::format("The words of {} have changed since your town took its position.",
                      Name(record)));
    }
  }

  void LookAtAgreement(const merge::Record& record) {
    Agreement agreement = AgreementOf(plan_, record);
    bool asked = std::any_of(agreement.towns.begin(), agreement.towns.end(),
                             [](const auto& town) { return town.state != Consenting::kNone; });
    for (const TownConsent& consent : agreement.towns) {
      if (consent.town != town_) continue;
      if (consent.state == Consenting::kLapsed) {
        Add(Need::kAgreementLapsed, record,
            fmt::format("The terms of {} have changed since your town agreed.", Name(record)));
      } else if (consent.state == Consenting::kNone && asked) {
        Add(Need::kAgreementAwaited, record,
            fmt::format("{} awaits your town's agreement.", Name(record)));
      }
    }
  }

  void LookAtLanguages(const merge::Record& record) {
    if (!plan_.KindOf(record)->equally_authentic) return;
    for (const StalePair& pair : StalePairs(plan_, record)) {
      Add(Need::kStaleTranslation, record,
          fmt::format("{}: nobody has confirmed that {} and {} of its {} say the same.",
                      Name(record), pair.text.language, pair.counterpart,
                      plan_.KindOf(record)->FieldByNumber(pair.text.field)->label),
          pair.text.field);
    }
  }

  void LookAtReferences(const merge::Record& record, const merge::Kind& kind) {
    for (const merge::Field& field : kind.fields) {
      if (field.type != merge::Type::kReference) continue;
      LookAtReference(record, field, plan_.Shown(record, field.number));
      auto set = record.sets.find(field.number);
      if (set == record.sets.end()) continue;
      for (const auto& [value, adds] : set->second.adds) LookAtReference(record, field, value);
    }
  }

  void LookAtReference(const merge::Record& record, const merge::Field& field,
                       const merge::Value& value) {
    std::optional<RecordId> id = merge::ReferenceOf(value);
    const merge::Record* target = id ? plan_.Find(*id) : nullptr;
    if (target == nullptr || !target->existence.deleted()) return;
    Add(Need::kRefersToDeleted, record,
        fmt::format("The {} of {} is {}, which has been deleted.", field.label, Name(record),
                    Name(*target)),
        field.number);
  }

  std::optional<Days> DateIn(const merge::Record& record, const merge::Kind& kind,
                             std::string_view name) const {
    const merge::Field* field = kind.FieldByName(name);
    return field != nullptr ? merge::DateOf(plan_.Shown(record, field->number)) : std::nullopt;
  }

  std::optional<std::pair<Days, Days>> WindowOf(const merge::Record& record,
                                                const merge::Field& field) const {
    std::optional<merge::PairMembers> members = merge::PairOf(plan_.Shown(record, field.number));
    if (!members || members->size() != 2) return std::nullopt;
    std::optional<Days> from = DateOfMember((*members)[0].second);
    std::optional<Days> to = DateOfMember((*members)[1].second);
    if (!from || !to) return std::nullopt;
    return std::pair(*from, *to);
  }

  static std::optional<Days> DateOfMember(std::string_view value) { return merge::DateOf(value); }

  void LookAtDates(const merge::Record& record, const merge::Kind& kind) {
    for (const merge::Field& field : kind.fields) {
      if (field.message != "Window") continue;
      std::optional<std::pair<Days, Days>> window = WindowOf(record, field);
      if (window && window->second < window->first) {
        Add(Need::kDatesOutOfOrder, record,
            fmt::format("The {} of {} ends before it begins.", field.label, Name(record)),
            field.number);
      }
    }
    for (const char* name : {"deadline", "apply_by", "due", "closes"}) {
      std::optional<Days> date = DateIn(record, kind, name);
      if (!date || *date >= today_ || Finished(record, kind)) continue;
      const merge::Field& field = *kind.FieldByName(name);
      Add(Need::kOverdue, record,
          fmt::format("The {} of {} was {}.", field.label, Name(record), FormatDate(*date)),
          field.number);
    }
    LookAtOrder(record, kind);
  }

  void LookAtOrder(const merge::Record& record, const merge::Kind& kind) {
    const merge::Field* depends = kind.FieldByName("depends_on");
    const merge::Field* window = kind.FieldByName("window");
    if (depends == nullptr || window == nullptr) return;
    std::optional<std::pair<Days, Days>> own = WindowOf(record, *window);
    auto set = record.sets.find(depends->number);
    if (!own || set == record.sets.end()) return;
    for (const auto& [value, adds] : set->second.adds) {
      const merge::Record* before = plan_.Find(merge::ReferenceOf(value).value_or(RecordId()));
      if (before == nullptr || !plan_.Visible(*before)) continue;
      std::optional<std::pair<Days, Days>> theirs = WindowOf(*before, *window);
      if (!theirs || theirs->second <= own->first) continue;
      Add(Need::kDatesOutOfOrder, record,
          fmt::format("{} begins before {}, on which it depends, is over.", Name(record),
                      Name(*before)),
          depends->number);
    }
  }

  // Done, cancelled, or sent off: its deadline no longer matters.
  bool Finished(const merge::Record& record, const merge::Kind& kind) const {
    const merge::Field* status = kind.FieldByName("status");
    if (status == nullptr) return kind.FieldByName("target") != nullptr && Achieved(record, kind);
    std::optional<int64_t> number = merge::IntegerOf(plan_.Shown(record, status->number));
    for (const merge::EnumValue& value : status->values) {
      if (value.number != number) continue;
      static const std::set<std::string> kOver{"done",    "cancelled", "submitted",
                                               "awarded", "rejected",  "closed"};
      return kOver.count(value.name) > 0;
    }
    return false;
  }

  bool Achieved(const merge::Record& record, const merge::Kind& kind) const {
    const merge::Field* target = kind.FieldByName("target");
    const merge::Field* achieved = kind.FieldByName("achieved");
    if (target == nullptr || achieved == nullptr) return false;
    auto count = record.counters.find(achieved->number);
    std::optional<int64_t> wanted = merge::IntegerOf(plan_.Shown(record, target->number));
    return wanted && count != record.counters.end() && count->second >= *wanted;
  }

  void LookAtBudget(const merge::Record& record, const merge::Kind& kind) {
    const merge::Field* planned = kind.FieldByName("planned");
    const merge::Field* actual = kind.FieldByName("actual");
    if (planned == nullptr || actual == nullptr) return;
    std::optional<merge::PairMembers> plan = merge::PairOf(plan_.Shown(record, planned->number));
    std::optional<merge::PairMembers> spent = merge::PairOf(plan_.Shown(record, actual->number));
    if (!plan || !spent || plan->size() != 2 || spent->size() != 2) return;
    // Amounts of different currencies are never compared.
    if ((*plan)[1].second != (*spent)[1].second) return;
    if (merge::IntegerOf((*spent)[0].second) > merge::IntegerOf((*plan)[0].second)) {
      Add(Need::kOverBudget, record, fmt::format("{} costs more than planned.", Name(record)),
          actual->number);
    }
  }

  void LookAtResponsible(const merge::Record& record, const merge::Kind& kind) {
    if (&kind != plan_.schema().KindByName("activity") || responsible_.count(record.id) > 0) return;
    if (Finished(record, kind)) return;
    Add(Need::kNobodyResponsible, record,
        fmt::format("Nobody is responsible for {}.", Name(record)));
  }

  const Plan& plan_;
  TownId town_;
  Days today_;
  std::set<RecordId> responsible_;
  std::vector<AttentionItem> items_;
};

}  // namespace

std::string_view NameOf(Need need) {
  switch (need) {
    case Need::kConflict:
      return "conflict";
    case Need::kConfirmPosition:
      return "confirm-position";
    case Need::kStatePosition:
      return "state-position";
    case Need::kAgreementAwaited:
      return "agreement-awaited";
    case Need::kAgreementLapsed:
      return "agreement-lapsed";
    case Need::kStaleTranslation:
      return "stale-translation";
    case Need::kOverdue:
      return "overdue";
    case Need::kDatesOutOfOrder:
      return "dates-out-of-order";
    case Need::kRefersToDeleted:
      return "refers-to-deleted";
    case Need::kOverBudget:
      return "over-budget";
    case Need::kNobodyResponsible:
      return "nobody-responsible";
    case Need::kConfirmMember:
      return "confirm-member";
  }
  return "";
}

std::vector<AttentionItem> Attention(const Plan& plan, const TownId& town, Days today) {
  Collector collector(plan, town, today);
  collector.LookAtMembers();
  plan.records().ForEach([&](const merge::Record& record) { collector.Look(record); });
  return collector.Items();
}

}  // namespace twinning::plan
