// Finding records by the words they hold: titles, values, texts and personal values. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/plan/plan.h"

namespace twinning::desk {

struct Found {
  const merge::Record* record = nullptr;
  std::vector<std::string> fields;  // that hold at least one of the words, as in the schema
};

// Visible records in which every word of `words` occurs, accents and case aside, those first that
// hold all of them in their title; then by kind and title. No words find nothing.
std::vector<Found> FindWords(const plan::Plan& plan, std::string_view words);

}  // namespace twinning::desk
