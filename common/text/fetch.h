// Asks for all of a thing that does not fit into one line of the processor's cache, so that its
// lines come at once instead of one after the other. The first is for whoever reads it to ask for.
#ifndef TWINNING_COMMON_TEXT_FETCH_H_
#define TWINNING_COMMON_TEXT_FETCH_H_

#include <cstddef>

namespace twinning::text {

template <typename Thing>
inline void Fetch(const Thing& thing) {
  constexpr size_t kLine = 64;
  const char* bytes = reinterpret_cast<const char*>(&thing);
  for (size_t at = kLine; at < sizeof(Thing); at += kLine) __builtin_prefetch(bytes + at);
}

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_FETCH_H_
