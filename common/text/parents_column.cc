#include "common/text/parents_column.h"

#include <algorithm>
#include <functional>

namespace twinning::text {
namespace {

constexpr size_t kMaxParents = 1 << 16;
// Heads that nobody has taken in for so many entries are told one by one.
constexpr size_t kMostEntries = 1024;

// The frontier of `own` and everything up to `last`; empty where it is hard to find.
Version Foreseen(const History& history, Op last, Op own, Seen& seen) {
  Version version = history.graph().VersionAt(last + 1, kMostEntries);
  if (version.empty()) return version;
  if (own >= 0) version.push_back(own);
  return history.graph().Resolve(Ascending(std::move(version)), seen);
}

// Where an operation is: how many entries before entry `from`, and how far from that one's end.
void PutPlace(const History& history, size_t from, Op operation, ParentsModels::Place& models,
              Encoder& out) {
  const size_t entry = history.EntryOf(operation);
  const Op last = history.entries()[entry].end - 1;
  out.Put(models.entries_back, from - entry);
  out.Put(models.entry_end, last != operation);
  if (last != operation) out.Put(models.distance, last - operation - 1);
}

// -1 when there is no such operation.
Op TakePlace(const History& history, size_t from, ParentsModels::Place& models, Decoder& in) {
  const uint64_t back = in.Take(models.entries_back);
  if (back > from || in.Overrun()) return -1;
  const Entry& entry = history.entries()[from - back];
  Operation operation = entry.end - 1;
  if (in.Take(models.entry_end)) operation -= static_cast<Operation>(in.Take(models.distance)) + 1;
  return operation < entry.first ? -1 : static_cast<Op>(operation);
}

// Parents one by one, the latest first.
void PutEach(const History& history, size_t index, Op own, ParentsModels& models, Encoder& out) {
  const auto parents = history.ParentsOf(history.entries()[index]);
  out.Put(models.count, parents.size());
  size_t from = index - 1;
  for (size_t k = 0; k < parents.size(); ++k) {
    const Op parent = parents[parents.size() - 1 - k];
    const size_t c = std::min<size_t>(k, 1);
    out.Put(models.own[c], parent == own);
    if (parent != own) PutPlace(history, from, parent, models.places[1 + c], out);
    from = history.EntryOf(parent);
  }
}

std::optional<Version> TakeEach(const History& history, Op own, ParentsModels& models,
                                Decoder& in) {
  const uint64_t count = in.Take(models.count);
  if (count > kMaxParents || (count > 0 && history.entries().empty())) return std::nullopt;
  Version parents;
  size_t from = history.entries().size() - 1;
  for (uint64_t k = 0; k < count && !in.Overrun(); ++k) {
    const size_t c = std::min<uint64_t>(k, 1);
    Op parent = own;
    if (!in.Take(models.own[c])) parent = TakePlace(history, from, models.places[1 + c], in);
    if (parent < 0) return std::nullopt;
    from = history.EntryOf(parent);
    parents.push_back(parent);
  }
  if (in.Overrun()) return std::nullopt;
  std::reverse(parents.begin(), parents.end());
  return parents;
}

}  // namespace

void PutParents(const History& history, size_t index, Op own, ParentsModels& models, Encoder& out) {
  const auto parents = history.ParentsOf(history.entries()[index]);
  const size_t c = std::exchange(models.before, 0);
  const bool alone = parents.size() == 1 && parents[0] == own;
  if (own >= 0) out.Put(models.alone[c], !alone);
  if (alone) return;
  const auto other =
      std::find_if(parents.rbegin(), parents.rend(), [own](Op o) { return o != own; });
  Seen seen;
  const bool foreseen =
      other != parents.rend() && std::ranges::equal(Foreseen(history, *other, own, seen), parents);
  out.Put(models.foreseen[c], !foreseen);
  if (!foreseen) return PutEach(history, index, own, models, out);
  models.before = 1;
  PutPlace(history, index - 1, *other, models.places[0], out);
}

std::optional<Version> TakeParents(const History& history, Op own, ParentsModels& models,
                                   Decoder& in, Seen& seen) {
  const size_t c = std::exchange(models.before, 0);
  if (own >= 0 && !in.Take(models.alone[c])) {
    const Version alone = {own};
    return history.graph().Resolve(alone, seen);
  }
  if (in.Take(models.foreseen[c])) {
    const std::optional<Version> parents = TakeEach(history, own, models, in);
    if (!parents ||
        std::ranges::adjacent_find(*parents, std::greater_equal<>()) != parents->end() ||
        history.graph().Resolve(*parents, seen) != *parents) {
      return std::nullopt;
    }
    return parents;
  }
  if (history.entries().empty()) return std::nullopt;
  models.before = 1;
  const Op last = TakePlace(history, history.entries().size() - 1, models.places[0], in);
  if (last < 0) return std::nullopt;
  Version parents = Foreseen(history, last, own, seen);
  if (parents.empty()) return std::nullopt;
  return parents;
}

}  // namespace twinning::text
