#include "client/desk/rights.h"

#include <fmt/core.h>

#include "client/desk/drafts.h"
#include "client/desk/phrases.h"
#include "common/base/status.h"
#include "common/plan/compose.h"
#include "common/plan/mandate.h"
#include "common/plan/standing.h"
#include "common/plan/terms.h"
#include "common/plan/titles.h"
#include "common/words/words.h"

namespace twinning::desk {
namespace {

// Asks the plan about changes that nobody makes.
class Question {
 public:
  Question(const plan::Plan& view, const ReplicaId& replica, const merge::Record& record)
      : view_(view), replica_(replica), record_(record) {}

  std::optional<std::string> Of(std::vector<v1::Edit> edits) const {
    plan::Change change;
    change.readable = true;
    change.authored.replica = replica_;
    change.authored.number = kNobodys;
    change.authored.base = view_.head();
    for (v1::Edit& edit : edits) {
      if (edit.record().empty()) edit.set_record(std::string(record_.id.bytes()));
      *change.edits.add_edits() = std::move(edit);
    }
    std::optional<plan::Refusal> refusal = view_.Judge(change);
    if (!refusal) return std::nullopt;
    return refusal->detail.empty() ? words::Reason(refusal->reason) : refusal->detail;
  }

 private:
  static constexpr Number kNobodys = Number{1} << 62;  // after every change there is
  const plan::Plan& view_;
  const ReplicaId& replica_;
  const merge::Record& record_;
};

// A change of the field that changes nothing, where there is one: what is asked is whether, not
// what.
v1::Edit ChangeOf(const plan::Plan& view, const merge::Record& record, const merge::Field& field) {
  v1::Edit edit;
  switch (field.rule) {
    case v1::TEXT: {
      v1::SpliceText& splice = *edit.mutable_splice();
      splice.set_field(field.number);
      auto text = record.texts.lower_bound({field.number, ""});
      bool there = text != record.texts.end() && text->first.field == field.number;
      splice.set_language(there ? text->first.language : "en");
      splice.add_splices()->set_inserted("x");
      break;
    }
    case v1::SET:
      edit.mutable_remove()->set_field(field.number);
      edit.mutable_remove()->set_value(field.type == merge::Type::kReference
                                           ? merge::ReferenceValue(record.id)
                                           : merge::StringValue("nothing of the kind"));
      break;
    case v1::COUNTER:
      edit.mutable_increment()->set_field(field.number);
      edit.mutable_increment()->set_by(1);
      break;
    default:
      edit.mutable_write()->set_field(field.number);
      edit.mutable_write()->set_value(view.Shown(record, field.number));
  }
  return edit;
}

// A draft that cannot be made says why not.
std::optional<std::string> MayAgree(const client::Replica& replica, const Question& question,
                                    const merge::Record& record) {
  absl::StatusOr<Draft> draft = DraftToAgree(replica, replica.view(), record.id.hex());
  return draft.ok() ? question.Of(std::move(draft->edits)) : MessageOf(draft.status());
}

void AskDeeds(const client::Replica& replica, const Question& question, const merge::Record& record,
              Rights& rights) {
  const plan::Plan& view = replica.view();
  const merge::Kind& kind = *view.KindOf(record);
  v1::Edit edit;
  if (record.existence.deleted()) {
    edit.mutable_restore();
    rights.deeds.push_back({"restore", "bring it back", question.Of({edit})});
  } else {
    edit.mutable_delete_();
    rights.deeds.push_back({"delete", "delete it", question.Of({edit})});
  }
  if (kind.needs_agreement) {
    rights.deeds.push_back(
        {"agree", "agree to it for your town", MayAgree(replica, question, record)});
  }
  if (record.id == replica.identity().town) {
    const plan::Member* own = view.FindMember(replica.identity().replica);
    rights.deeds.push_back({"members", "invite, confirm and shut out members of your town",
                            own == nullptr
                                ? std::optional<std::string>("this replica is no member yet")
                                : plan::MayNotCoordinate(view.roster(), *own)});
  }
  if (kind.takes_positions) {
    auto stated =
        plan::StatePosition(view, replica.identity().town, record.id, v1::SUPPORTS, "", "en");
    rights.deeds.push_back(
        {"position", "say where your town stands",
         stated.ok() ? question.Of(*std::move(stated)) : MessageOf(stated.status())});
  }
}

void AskWhatEnds(const plan::Plan& view, const TownId& own, const merge::Record& record,
                 Rights& rights) {
  for (const plan::TownConsent& town : plan::AgreementOf(view, record).towns) {
    if (town.state == plan::Consenting::kAgrees) rights.agreements.push_back(town.town);
  }
  for (const plan::TownPosition& position : plan::StandingOf(view, record).positions) {
    bool stated = position.stance != v1::STANCE_UNSPECIFIED && position.current;
    if (stated && position.town != own) rights.positions.push_back(position.town);
  }
}

Json NamesOf(const plan::Plan& view, const std::vector<TownId>& towns) {
  Json names = Json::array();
  for (const TownId& town : towns) names.push_back(plan::TownName(view, town));
  return names;
}

Json ListOf(const std::vector<Right>& rights) {
  Json list = Json::array();
  for (const Right& right : rights) {
    list.push_back({{"name", right.name},
                    {"may", !right.refusal},
                    {"reason", right.refusal ? Json(*right.refusal) : Json(nullptr)}});
  }
  return list;
}

std::string Rows(const std::vector<Right>& rights) {
  std::string rows;
  for (const Right& right : rights) {
    rows += right.refusal ? fmt::format("  no   {}: {}\n", right.label, *right.refusal)
                          : fmt::format("  yes  {}\n", right.label);
  }
  return rows;
}

}  // namespace

Rights RightsOn(const client::Replica& replica, const merge::Record& record) {
  Rights rights;
  const plan::Plan& view = replica.view();
  const merge::Kind* kind = view.KindOf(record);
  if (kind == nullptr) return rights;
  const Question question(view, replica.identity().replica, record);
  for (const merge::Field& field : kind->fields) {
    rights.fields.push_back(
        {field.name, field.label, question.Of({ChangeOf(view, record, field)})});
  }
  AskDeeds(replica, question, record, rights);
  AskWhatEnds(view, replica.identity().town, record, rights);
  return rights;
}

std::string RightsReport(const plan::Plan& view, const merge::Record& record,
                         const Rights& rights) {
  std::string report = fmt::format("{}\n{}{}", Capitalised(plan::NameOf(view, record)),
                                   Rows(rights.deeds), Rows(rights.fields));
  for (const TownId& town : rights.agreements) {
    report +=
        fmt::format("Changing its terms ends the agreement of {}.\n", plan::TownName(view, town));
  }
  for (const TownId& town : rights.positions) {
    report += fmt::format("Changing its words leaves the position of {} to be confirmed again.\n",
                          plan::TownName(view, town));
  }
  return report;
}

Json RightsJson(const plan::Plan& view, const merge::Record& record, const Rights& rights) {
  return {{"id", record.id.hex()},
          {"deeds", ListOf(rights.deeds)},
          {"fields", ListOf(rights.fields)},
          {"ends_agreements", NamesOf(view, rights.agreements)},
          {"reopens_positions", NamesOf(view, rights.positions)}};
}

}  // namespace twinning::desk
