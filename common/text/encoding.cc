#include <algorithm>
#include <optional>

#include "absl/status/status.h"
#include "common/text/document.h"
#include "common/text/replay.h"
#include "common/text/utf8.h"

// Format 1, a plain list: authors, then entries with their parents and operations.
namespace twinning::text {
namespace {

constexpr std::string_view kMagic("TWT\x01", 4);

void Put(uint64_t value, std::string& out) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

std::optional<uint64_t> Take(std::string_view& in) {
  uint64_t value = 0;
  for (int shift = 0; shift < 63; shift += 7) {
    if (in.empty()) return std::nullopt;
    const auto byte = static_cast<unsigned char>(in.front());
    in.remove_prefix(1);
    value |= static_cast<uint64_t>(byte & 0x7F) << shift;
    if (byte < 0x80) return value;
  }
  return std::nullopt;
}

// A count of things that take at least one byte each.
std::optional<uint64_t> TakeCount(std::string_view& in) {
  const auto count = Take(in);
  if (!count || *count > in.size()) return std::nullopt;
  return count;
}

std::optional<std::vector<Splice>> TakeSplices(std::string_view& in) {
  const auto count = TakeCount(in);
  if (!count) return std::nullopt;
  std::vector<Splice> splices;
  for (uint64_t i = 0; i < *count; ++i) {
    const auto position = Take(in);
    const auto removed = Take(in);
    const auto length = TakeCount(in);
    if (!position || !removed || !length) return std::nullopt;
    splices.push_back({static_cast<int64_t>(*position), static_cast<int64_t>(*removed),
                       std::string(in.substr(0, *length))});
    in.remove_prefix(*length);
  }
  return splices;
}

// The operations of one entry as splices.
std::vector<Splice> SplicesOf(const History& history, const Entry& entry) {
  std::vector<Splice> splices;
  int64_t inserted = 0;
  for (Operation o = entry.first; o < entry.first + entry.count; ++o) {
    const auto [position, c] = history.operations[o];
    const bool deletion = c == kDeletion;
    if (splices.empty() || splices.back().position + inserted != position ||
        (deletion && inserted > 0)) {
      splices.push_back({position, 0, ""});
      inserted = 0;
    }
    if (deletion) {
      ++splices.back().removed;
    } else {
      AppendUtf8(c, splices.back().inserted);
      ++inserted;
    }
  }
  return splices;
}

}  // namespace

std::string Document::Encode() const {
  std::string out(kMagic);
  Put(history_->authors.size(), out);
  for (const std::string& author : history_->authors) {
    Put(author.size(), out);
    out += author;
  }
  Put(history_->entries.size(), out);
  for (const Entry& entry : history_->entries) {
    Put(entry.author, out);
    Put(entry.parents.size(), out);
    for (Operation parent : entry.parents) Put(entry.first - parent, out);
    const std::vector<Splice> splices = SplicesOf(*history_, entry);
    Put(splices.size(), out);
    for (const Splice& splice : splices) {
      Put(splice.position, out);
      Put(splice.removed, out);
      Put(splice.inserted.size(), out);
      out += splice.inserted;
    }
  }
  return out;
}

absl::StatusOr<Document> Document::Decode(std::string_view in) {
  const absl::Status corrupt = absl::InvalidArgumentError("text: the encoded history is corrupt");
  if (!in.starts_with(kMagic)) return corrupt;
  in.remove_prefix(kMagic.size());
  Document document;
  const auto authors = TakeCount(in);
  for (uint64_t i = 0; authors && i < *authors; ++i) {
    const auto length = TakeCount(in);
    if (!length) return corrupt;
    if (document.AddAuthor(in.substr(0, *length)) != i) return corrupt;
    in.remove_prefix(*length);
  }
  const auto entries = TakeCount(in);
  if (!authors || !entries) return corrupt;
  for (uint64_t i = 0; i < *entries; ++i) {
    const auto author = Take(in);
    const auto parent_count = TakeCount(in);
    if (!author || *author >= *authors || !parent_count) return corrupt;
    Version parents;
    for (uint64_t p = 0; p < *parent_count; ++p) {
      const auto distance = Take(in);
      if (!distance) return corrupt;
      parents.push_back(document.operations() - static_cast<int64_t>(*distance));
    }
    const auto splices = TakeSplices(in);
    if (!splices) return corrupt;
    auto merged = document.Append(static_cast<Author>(*author), parents, *splices);
    if (!merged.ok()) return merged.status();
  }
  if (!in.empty()) return corrupt;
  return document;
}

}  // namespace twinning::text
