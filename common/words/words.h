// The plan and its ledger in words that people understand: dates with the names of their months,
// money with its currency, records by kind and title. English; labels come from the schema, so a
// new field needs nothing here. For terminals: control characters in what people wrote are left
// out. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/date.h"
#include "common/plan/plan.h"
#include "twinning/v1/change.pb.h"

namespace twinning::words {

// "28 March 2031"; "" for a day that is none.
std::string FormatDay(Days days);

// A register's value, or one element of a set: "28 March 2031", "620.00 EUR", "3 March 2031 to
// 21 March 2031", "under way", "yes", "5 months"; a reference by its record's title; a personal
// value that is not here as "(erased)". "" when not set.
std::string FormatValue(const plan::Plan& plan, const merge::Field& field,
                        const merge::Value& value);

// How many digits follow the point in a currency's amounts (ISO 4217): 2 but for a few.
int DecimalsOf(std::string_view currency);

// What a list shows for a record: its title in one line, "(no title)" without one.
std::string TitleOf(const plan::Plan& plan, const merge::Record& record);

// As sentences name it: activity "Teacher seminar", position on objective "Youth exchange",
// record 3f2a81c0 when the plan does not have it.
std::string NameRecord(const plan::Plan& plan, const RecordId& record);

// "ana (Exampleton)", "replica 3f2a81c0" when the plan does not have it.
std::string NameAuthor(const plan::Plan& plan, const ReplicaId& replica);

// "representative" ...; "member" for none that this program knows.
std::string RoleName(v1::Role role);

// "no right to write this" ...
std::string Reason(v1::RefusalReason reason);

// What one ledger entry says. Titles are those of `plan`, which may be from before the entry or
// from any time after it.
struct Account {
  std::string who;  // member; empty for what the server or its operator did
  std::string town;
  std::vector<std::string> what;  // at least one, without the author: set deadline of activity …
};
Account AccountOf(const plan::Plan& plan, const v1::Entry& entry);

// The same as whole sentences: ana (Exampleton) set deadline of activity "Teacher seminar" to
// 28 March 2031.
std::vector<std::string> Describe(const plan::Plan& plan, const v1::Entry& entry);

// What the edits of a change do, without the author; for changes of an outbox too.
std::vector<std::string> DescribeEdits(const plan::Plan& plan, const v1::Edits& edits);

}  // namespace twinning::words
