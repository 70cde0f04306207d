#include "common/text/compress.h"

#include <zstd.h>

#include <algorithm>
#include <bit>
#include <memory>

namespace twinning::text {
namespace {

constexpr int kLevel = 19;
constexpr int kMaxWindow = 27;
// zstd cannot do better than this.
constexpr int64_t kMaxRatio = 1 << 16;

}  // namespace

std::string Compress(std::string_view text, std::string_view prefix) {
  // Made once a thread: making one costs more than compressing a short text.
  thread_local const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(),
                                                                                  ZSTD_freeCCtx);
  ZSTD_CCtx_reset(context.get(), ZSTD_reset_session_and_parameters);
  const int window = std::clamp<int>(std::bit_width(text.size() + prefix.size()), 10, kMaxWindow);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_compressionLevel, kLevel);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_windowLog, window);
  ZSTD_CCtx_setParameter(context.get(), ZSTD_c_contentSizeFlag, 0);
  if (!prefix.empty()) ZSTD_CCtx_refPrefix(context.get(), prefix.data(), prefix.size());
  std::string out(ZSTD_compressBound(text.size()), '\0');
  const size_t size =
      ZSTD_compress2(context.get(), out.data(), out.size(), text.data(), text.size());
  if (ZSTD_isError(size) || size >= text.size()) return std::string(text);
  out.resize(size);
  return out;
}

std::optional<std::string> Decompress(std::string_view bytes, int64_t size,
                                      std::string_view prefix) {
  if (size == static_cast<int64_t>(bytes.size())) return std::string(bytes);
  if (size < 0 || size / kMaxRatio > static_cast<int64_t>(bytes.size())) return std::nullopt;
  thread_local const std::unique_ptr<ZSTD_DCtx, decltype(&ZSTD_freeDCtx)> context(ZSTD_createDCtx(),
                                                                                  ZSTD_freeDCtx);
  ZSTD_DCtx_reset(context.get(), ZSTD_reset_session_and_parameters);
  if (!prefix.empty()) ZSTD_DCtx_refPrefix(context.get(), prefix.data(), prefix.size());
  std::string out(size, '\0');
  const size_t got =
      ZSTD_decompressDCtx(context.get(), out.data(), out.size(), bytes.data(), bytes.size());
  if (ZSTD_isError(got) || got != out.size()) return std::nullopt;
  return out;
}

}  // namespace twinning::text
