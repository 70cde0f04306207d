// Words as people compare them: without accents, case or compatibility forms. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace twinning::desk {

// "Ville d’Exempleville-lès-Hêtres" -> "ville d'exempleville-les-hetres". Of invalid UTF-8: itself.
std::string Fold(std::string_view text);

// Folded, split at white space.
std::vector<std::string> FoldedWords(std::string_view text);

// Whether every one of the folded words occurs in the folded text.
bool HoldsAll(std::string_view folded, const std::vector<std::string>& words);

}  // namespace twinning::desk
