// The page's files, inside the program.
#pragma once

#include <span>
#include <string_view>

namespace twinning::app {

struct Asset {
  std::string_view path;  // "/index.html"
  std::string_view type;  // media type
  std::string_view bytes;
};

// All of them; valid for ever.
std::span<const Asset> Assets();

}  // namespace twinning::app
