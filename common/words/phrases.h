// Small turns of phrase. Internal to this folder.
#pragma once

#include <string>
#include <string_view>

namespace twinning::words {

// Without control characters, line breaks as spaces: what people wrote cannot steer a terminal.
std::string OneLine(std::string_view text);

// At most `limit` code points, with "…" for the rest.
std::string Shortened(std::string_view text, size_t limit);

std::string Quoted(std::string_view text);  // one line, shortened, in double quotes

std::string Spaced(std::string_view name);  // under_way -> under way

// "1 character", "3 characters"
std::string Counted(uint64_t count, std::string_view noun);

}  // namespace twinning::words
