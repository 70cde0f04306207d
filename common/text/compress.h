// Text packed with zstd; what does not get smaller stays as it is.
#ifndef TWINNING_COMMON_TEXT_COMPRESS_H_
#define TWINNING_COMMON_TEXT_COMPRESS_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace twinning::text {

// `prefix` is text that the reader will have; what repeats it costs little.
std::string Compress(std::string_view text, std::string_view prefix);

// The `size` bytes that were compressed; nothing when the bytes are corrupt or `size` is not
// possible for them.
std::optional<std::string> Decompress(std::string_view bytes, int64_t size,
                                      std::string_view prefix);

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_COMPRESS_H_
