// Asks for all of a thing that does not fit into one line of the processor's cache, so that its
// lines come at once instead of one after the other.
#ifndef TWINNING_COMMON_TEXT_FETCH_H_
#define TWINNING_COMMON_TEXT_FETCH_H_

#include <cstddef>

namespace twinning::text {

template <typename Thing>
inline void Fetch(const Thing& thing) {
  constexpr size_t kLine = 64;
  const char* bytes = reinterpret_cast<const char*>(&thing);
  for (size_t at = 0; at < sizeof(Thing); at += kLine) __builtin_prefetch(bytes + at);
  __builtin_prefetch(bytes + sizeof(Thing) - 1);
}

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_FETCH_H_
