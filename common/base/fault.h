// Faults planted on purpose, so that the simulation can prove that it would catch them:
//
//   if (TWINNING_FAULT("acknowledge before commit")) ...
//
// In normal builds the macro is the constant false and nothing of it is compiled in. With
// TWINNING_PLANTED_FAULTS=ON it is true while the name is in PlantedFaults(); only for one thread.
#pragma once

#ifdef TWINNING_PLANTED_FAULTS

#include <set>
#include <string>
#include <string_view>

namespace twinning {

inline std::set<std::string, std::less<>>& PlantedFaults() {
  static std::set<std::string, std::less<>> faults;
  return faults;
}

}  // namespace twinning

#define TWINNING_FAULT(name) (::twinning::PlantedFaults().contains(std::string_view(name)))

#else

#define TWINNING_FAULT(name) false

#endif
