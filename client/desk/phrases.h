// Turns of phrase that commands share. Pure.
#pragma once

#include <string>
#include <string_view>

namespace twinning::desk {

// First letter in upper case, when it is an ASCII one.
std::string Capitalised(std::string_view text);
// The same with a full stop at its end, unless it ends in a list or in a command to be copied.
std::string Sentence(std::string_view text);
// "an activity", "a town"
std::string WithArticle(std::string_view noun);
// "1 change", "3 changes"
std::string Counted(size_t count, std::string_view noun);
// Every line of a text behind so many spaces.
std::string Indented(std::string_view text, size_t spaces);
// "12 November 2031 at 14:05 UTC"
std::string InWords(int64_t time_ms);

}  // namespace twinning::desk
