// A record's conflicts as lines that people read. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/plan/plan.h"
#include "tests/support/outline.h"
#include "tests/support/record_names.h"

namespace twinning::testing {

// Open and settled ones, each with its candidates and how it ended; `of` follows what it is about.
std::vector<Outline> ConflictLines(const plan::Plan& plan, const RecordNames& names,
                                   const merge::Record& record, std::string_view of);

// "statement (en)"
std::string TextLabel(const merge::Field& field, const std::string& language);
// Line breaks as \n.
std::string OneLine(std::string_view text);

}  // namespace twinning::testing
