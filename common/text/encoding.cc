// The encoding of a document; TEXT.md has the format on one page.
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "common/text/body.h"
#include "common/text/checksum.h"
#include "common/text/columns.h"
#include "common/text/compress.h"
#include "common/text/document.h"
#include "common/text/utf8.h"

namespace twinning::text {
namespace {

constexpr std::string_view kMagic("TWT\x03", 4);

absl::Status Corrupt() {
  return absl::InvalidArgumentError("text: the encoded history is corrupt");
}

void Put(uint64_t value, std::string& out) {
  for (; value >= 0x80; value >>= 7) out += static_cast<char>(value | 0x80);
  out += static_cast<char>(value);
}

// Reads the header; after a failure everything reads as zero.
class Input {
 public:
  explicit Input(std::string_view in) : in_(in) {}
  bool ok() const { return ok_; }
  size_t left() const { return in_.size(); }

  uint64_t Take() {
    uint64_t value = 0;
    for (int shift = 0; shift < 63 && ok_ && !in_.empty(); shift += 7) {
      const auto byte = static_cast<uint8_t>(in_.front());
      in_.remove_prefix(1);
      value |= uint64_t{byte & 0x7Fu} << shift;
      if (byte < 0x80) return value;
    }
    ok_ = false;
    return 0;
  }
  // A number of things that take a byte each.
  uint64_t TakeCount() {
    const uint64_t count = Take();
    ok_ = ok_ && count <= in_.size();
    return ok_ ? count : 0;
  }
  std::string_view TakeBytes(uint64_t count) {
    ok_ = ok_ && count <= in_.size();
    const std::string_view bytes = in_.substr(0, ok_ ? count : 0);
    in_.remove_prefix(bytes.size());
    return bytes;
  }

 private:
  std::string_view in_;
  bool ok_ = true;
};

// More bytes of authors' ids than this count as corrupt.
constexpr uint64_t kMostAuthors = uint64_t{1} << 26;

struct Contents {
  Packed packed;  // refers to the bytes read
  std::string text;
  int64_t code_points = 0;
};

absl::StatusOr<std::string_view> Checked(std::string_view bytes) {
  if (!bytes.starts_with(kMagic) || bytes.size() < kMagic.size() + kChecksumBytes) return Corrupt();
  const std::string_view checksum = bytes.substr(bytes.size() - kChecksumBytes);
  bytes.remove_suffix(kChecksumBytes);
  if (Checksum(bytes) != checksum) return Corrupt();
  return bytes.substr(kMagic.size());
}

// False when it is no version of `operations` operations.
bool TakeVersion(Input& in, int64_t operations, Version& version) {
  int64_t head = operations;
  for (uint64_t i = 0, count = in.TakeCount(); i < count && in.ok(); ++i) {
    const uint64_t distance = in.Take();
    if (distance == 0 || distance > static_cast<uint64_t>(head)) return false;
    version.push_back(head -= static_cast<int64_t>(distance));
  }
  std::reverse(version.begin(), version.end());
  return operations == 0 ? version.empty() : !version.empty() && version.back() == operations - 1;
}

absl::StatusOr<Contents> Read(std::string_view bytes, int64_t max_operations) {
  const absl::StatusOr<std::string_view> checked = Checked(bytes);
  if (!checked.ok()) return checked.status();
  Input in(*checked);
  Packed packed;
  const uint64_t operations = in.Take();
  if (operations > static_cast<uint64_t>(std::min(max_operations, kMaxOperations))) {
    return Corrupt();
  }
  packed.operations = static_cast<int64_t>(operations);
  if (!TakeVersion(in, packed.operations, packed.version)) return Corrupt();
  const uint64_t text_size = in.Take();
  const uint64_t text_stored = in.TakeCount();
  const uint64_t authors_size = in.Take();
  const uint64_t authors_stored = in.TakeCount();
  const uint64_t lost_size = in.Take();
  const uint64_t lost_stored = in.TakeCount();
  if (text_size > 4 * operations || lost_size > 4 * operations) return Corrupt();
  if (authors_size > kMostAuthors) return Corrupt();
  packed.text = in.TakeBytes(text_stored);
  packed.text_size = static_cast<int64_t>(text_size);
  packed.authors = in.TakeBytes(authors_stored);
  packed.authors_size = static_cast<int64_t>(authors_size);
  packed.lost = in.TakeBytes(lost_stored);
  packed.lost_size = static_cast<int64_t>(lost_size);
  packed.columns = in.TakeBytes(in.left());
  if (!in.ok()) return Corrupt();
  auto text = UnpackText(packed);
  const int64_t code_points = text.ok() ? CodePointsOfValid(*text) : -1;
  if (code_points < 0) return Corrupt();
  return Contents{std::move(packed), *std::move(text), code_points};
}

// Which character each operation inserted, from the text it ends in and what was lost on the way.
absl::StatusOr<std::vector<char32_t>> Characters(const Columns& columns, std::string_view text,
                                                 std::string_view lost) {
  constexpr char32_t kLost = 0xFFFFFFFF;
  std::vector<char32_t> characters(columns.skeleton.operations(), kLost);
  const std::u32string kept = ToCodePoints(text);
  const std::u32string rest = ToCodePoints(lost);
  size_t next = 0;
  bool enough = true;
  columns.tracker.Read(-1, [&](const Tracker::Stretch& stretch) {
    if (!stretch.merged || stretch.first >= kBaseText) return true;
    enough = static_cast<size_t>(stretch.length) <= kept.size() - next;
    if (!enough) return false;
    std::copy_n(kept.begin() + next, stretch.length, characters.begin() + stretch.first);
    next += stretch.length;
    return true;
  });
  if (!enough || next != kept.size()) return Corrupt();
  next = 0;
  for (const Run& run : columns.skeleton.runs()) {
    if (run.kind() != Kind::kInsert) continue;
    for (Op o = run.first; o < run.end(); ++o) {
      if (characters[o] != kLost) continue;
      if (next == rest.size()) return Corrupt();
      characters[o] = rest[next++];
    }
  }
  if (next != rest.size()) return Corrupt();
  return characters;
}

// Gives a skeleton its characters. Of several deletions of one character the first brings it along.
History Filled(const Columns& columns, std::vector<char32_t> characters) {
  const History& skeleton = columns.skeleton;
  History history;
  history.StartAt(skeleton.authors(), {}, 0);
  size_t index = 0;
  std::string content;
  std::vector<bool> told(characters.size(), false);
  for (const Entry& entry : skeleton.entries()) {
    const auto parents = skeleton.ParentsOf(entry);
    history.Begin(entry.author, Version(parents.begin(), parents.end()));
    for (; index < skeleton.runs().size() && skeleton.runs()[index].first < entry.end; ++index) {
      const Run& run = skeleton.runs()[index];
      content.clear();
      if (run.kind() == Kind::kInsert) {
        for (Op o = run.first; o < run.end(); ++o) AppendUtf8(characters[o], content);
        history.Add(run.kind(), run.position, static_cast<int32_t>(run.length), content);
        continue;
      }
      const int32_t step = run.kind() == Kind::kDelete ? 0 : 1;
      for (Op o = run.first; o < run.end(); ++o) {
        const Op target = columns.tracker.TargetOf(o);
        content.clear();
        if (!told[target]) AppendUtf8(characters[target], content);
        told[target] = true;
        history.Add(Kind::kDelete, run.position - step * (o - run.first), 1, content);
      }
    }
  }
  return history;
}

// The inserted characters that are not in the text, in the order of their operations.
std::string LostText(const History& history, const Tracker& tracker) {
  std::vector<bool> kept(history.operations(), false);
  tracker.Read(-1, [&](const Tracker::Stretch& stretch) {
    if (stretch.merged && stretch.first < kBaseText) {
      std::fill_n(kept.begin() + stretch.first, stretch.length, true);
    }
    return true;
  });
  std::string lost;
  for (size_t i = 0; i < history.runs().size(); ++i) {
    const Run& run = history.runs()[i];
    if (run.kind() != Kind::kInsert) continue;
    std::string_view content = history.ContentOfRun(i);
    for (Op o = run.first; o < run.end(); ++o) {
      size_t length = 1;
      while (length < content.size() && (content[length] & 0xC0) == 0x80) ++length;
      if (!kept[o]) lost.append(content.substr(0, length));
      content.remove_prefix(length);
    }
  }
  return lost;
}

// The same in memory of its own.
Packed Kept(Packed packed) {
  auto copy = std::make_shared<std::string>();
  const std::array parts = {&packed.text, &packed.authors, &packed.lost, &packed.columns};
  size_t size = 0;
  for (const std::string_view* part : parts) size += part->size();
  copy->reserve(size);
  for (std::string_view* part : parts) {
    const size_t begin = copy->size();
    copy->append(*part);
    *part = std::string_view(*copy).substr(begin);
  }
  packed.keeper = std::move(copy);
  return packed;
}

std::string Pack(const std::vector<std::string>& authors) {
  std::string out;
  for (const std::string& author : authors) {
    Put(author.size(), out);
    out += author;
  }
  return out;
}

}  // namespace

absl::StatusOr<std::string> UnpackText(const Packed& packed) {
  auto text = Decompress(packed.text, packed.text_size, {});
  if (!text) return Corrupt();
  return *std::move(text);
}

absl::StatusOr<std::vector<std::string>> UnpackAuthors(const Packed& packed) {
  const auto bytes = Decompress(packed.authors, packed.authors_size, {});
  if (!bytes) return Corrupt();
  std::vector<std::string> authors;
  for (Input in(*bytes); in.left() > 0 && in.ok();) {
    authors.emplace_back(in.TakeBytes(in.TakeCount()));
    if (!in.ok()) return Corrupt();
  }
  std::vector<std::string_view> sorted(authors.begin(), authors.end());
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end()) return Corrupt();
  return authors;
}

absl::StatusOr<History> UnpackHistory(const Packed& packed, const std::string& text) {
  const auto authors = UnpackAuthors(packed);
  if (!authors.ok()) return authors.status();
  const auto lost = Decompress(packed.lost, packed.lost_size, text);
  if (!lost || !IsValidUtf8(*lost)) return Corrupt();
  auto columns = DecodeColumns(packed.columns, *authors, packed.operations);
  if (!columns.ok()) return columns.status();
  if (columns->skeleton.version() != packed.version || columns->skeleton.authors() != *authors) {
    return Corrupt();
  }
  auto characters = Characters(*columns, text, *lost);
  if (!characters.ok()) return characters.status();
  return Filled(*columns, *std::move(characters));
}

std::string Document::Encode() const {
  const Engine& engine = body_->Full();
  const History& history = engine.history();
  Tracker tracker(-1);
  tracker.CatchUp(history);
  const std::string text = engine.rope().text();
  const std::string lost = LostText(history, tracker);
  const std::string authors = Pack(history.authors());

  std::string out(kMagic);
  Put(history.operations(), out);
  Put(history.version().size(), out);
  Operation head = history.operations();
  for (auto o = history.version().rbegin(); o != history.version().rend(); ++o) {
    Put(head - *o, out);
    head = *o;
  }
  std::string parts;
  const auto put = [&](std::string_view part, std::string_view prefix) {
    const std::string stored = Compress(part, prefix);
    Put(part.size(), out);
    Put(stored.size(), out);
    parts += stored;
  };
  put(text, {});
  put(authors, {});
  put(lost, text);
  out += parts;
  out += EncodeColumns(Skeleton(history));
  out += Checksum(out);
  return out;
}

absl::StatusOr<Document> Document::Open(std::string_view bytes,
                                        std::shared_ptr<const void> keeper) {
  absl::StatusOr<Contents> contents = Read(bytes, kMaxOperations);
  if (!contents.ok()) return contents.status();
  Packed& packed = contents->packed;
  if (keeper == nullptr) {
    // Where the history outweighs the text, the text is little to unpack and stays packed as well:
    // what rests is at most twice the text or, where that is more, its encoding.
    const size_t history = packed.authors.size() + packed.lost.size() + packed.columns.size();
    if (history > contents->text.size()) {
      std::string().swap(contents->text);  // an assignment would keep the memory
    } else {
      packed.text = {};
    }
    packed = Kept(std::move(packed));
  } else {
    packed.text = {};
    packed.keeper = std::move(keeper);
  }
  Document document;
  document.body_ =
      std::make_shared<Body>(std::move(packed), std::move(contents->text), contents->code_points);
  return document;
}

absl::StatusOr<Document> Document::Decode(std::string_view bytes, int64_t max_operations) {
  absl::StatusOr<Contents> contents = Read(bytes, max_operations);
  if (!contents.ok()) return contents.status();
  absl::StatusOr<History> history = UnpackHistory(contents->packed, contents->text);
  if (!history.ok()) return history.status();
  Document document;
  document.body_->engine().Load(*std::move(history), Rope(contents->text));
  return document;
}

}  // namespace twinning::text
