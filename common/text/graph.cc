#include "common/text/graph.h"

#include <algorithm>
#include <map>
#include <utility>

namespace twinning::text {
namespace {

// So many chains of an author are tried before there is another.
constexpr int kMostTried = 8;
// An entry is looked for among so many beside another.
constexpr int kMostSteps = 8;
// A chain is followed back over so many entries.
constexpr int kMostFollowed = 8;
// A prefix is let go on over so many entries at a time.
constexpr int kMostAbsorbed = 1024;

}  // namespace

void Graph::Open(Op first, Author author, std::span<const Operation> parents, size_t heads,
                 Seen seen) {
  if (reaches_.nodes() > most_nodes_) {
    Forget();
    Resolve(Version(parents.begin(), parents.end()), seen);
  }
  Place place;
  place.seen = seen;
  place.chain = ChainFor(author, seen);
  place.heads = static_cast<uint32_t>(heads);
  Add(first, author, parents, place);
}

// Keeps what the latest entries need.
void Graph::Forget() {
  Reaches kept;
  std::vector<Reaches::Map> copied;
  size_t entry = entries_.size();
  while (entry > remembered_from_ && kept.nodes() < most_nodes_ / 2) {
    Seen& seen = places_[--entry].seen;
    seen.reaches = kept.Copy(reaches_, seen.reaches, copied);
  }
  remembered_from_ = entry;
  reaches_ = std::move(kept);
  ++generation_;
}

void Graph::OpenAfter(Op parent, Op first, size_t heads) {
  const size_t before = EntryOf(parent);
  if (reaches_.nodes() > most_nodes_) Forget();
  Place place;
  place.seen = UpTo(parent);
  place.chain = places_[before].chain;
  place.heads = static_cast<uint32_t>(heads);
  const Operation parents[] = {parent};
  Add(first, entries_[before].author, parents, place);
}

void Graph::Add(Op first, Author author, std::span<const Operation> parents, Place place) {
  size_t of = entries_.size() - 1;
  for (auto parent = parents.rbegin(); parent != parents.rend(); ++parent) {
    if (entries_.empty() || *parent < entries_.front().first) break;
    of = EntryAtOrBefore(of, static_cast<Op>(*parent));
    if (entries_[of].end == *parent + 1) {
      places_[of].succeeded = std::min(places_[of].succeeded, first);
    }
  }
  if (!entries_.empty()) index_.Grow(entries_.back().end, entries_.size() - 1);
  chains_[place.chain].entries.push_back(static_cast<uint32_t>(entries_.size()));
  entries_.push_back({first, first, author, static_cast<uint32_t>(parents_.size()),
                      static_cast<uint32_t>(parents.size())});
  parents_.insert(parents_.end(), parents.begin(), parents.end());
  places_.push_back(place);
}

// The author's latest chain of which everything was seen.
uint32_t Graph::ChainFor(Author author, const Seen& seen) {
  if (author >= latest_.size()) latest_.resize(author + 1, kNone);
  uint32_t chain = latest_[author];
  for (int tried = 0; chain != kNone && tried < kMostTried; ++tried) {
    if (entries_[chains_[chain].entries.back()].end <= EndIn(seen, chain)) return chain;
    chain = chains_[chain].previous;
  }
  chains_.push_back({{}, latest_[author]});
  return latest_[author] = static_cast<uint32_t>(chains_.size() - 1);
}

Seen Graph::BeforeEntry(size_t entry) const {
  if (!IsForgotten(entry)) return places_[entry].seen;
  Seen seen;
  for (Op parent : ParentsOf(entries_[entry])) Unite(seen, Walk(parent));
  Absorb(seen);
  return seen;
}

// What the version has that ends in `head`.
Seen Graph::UpTo(Op head) const {
  const size_t entry = EntryOf(head);
  if (IsForgotten(entry)) return Walk(head);
  Seen seen = places_[entry].seen;
  GoOn({entries_[entry].first, head + 1}, seen);
  return seen;
}

Seen Graph::Before(Op operation, Version& version) const {
  const size_t entry = EntryOf(operation);
  if (operation > entries_[entry].first) {
    version.assign(1, operation - 1);
    return UpTo(operation - 1);
  }
  const auto parents = ParentsOf(entries_[entry]);
  version.assign(parents.begin(), parents.end());
  return BeforeEntry(entry);
}

// The same as UpTo where not everything is remembered.
Seen Graph::Walk(Op head) const {
  std::map<uint32_t, Op> ends;
  std::vector<Op> heap = {head};
  Seen seen;
  while (!heap.empty()) {
    std::pop_heap(heap.begin(), heap.end());
    const Op latest = heap.back();
    heap.pop_back();
    const size_t entry = EntryOf(latest);
    Op& end = ends[places_[entry].chain];
    if (latest < end || Has(seen, latest)) continue;
    end = latest + 1;
    if (!IsForgotten(entry)) {
      Unite(seen, places_[entry].seen);
      continue;
    }
    for (Op parent : ParentsOf(entries_[entry])) {
      heap.push_back(parent);
      std::push_heap(heap.begin(), heap.end());
    }
  }
  Seen walked;
  for (const auto& [chain, end] : ends) Reach(chain, end, walked);
  Unite(seen, walked);
  Absorb(seen);
  return seen;
}

void Graph::Reach(uint32_t chain, Op end, Seen& seen) const {
  if (seen.chain != Seen::kNoChain && seen.chain != chain) {
    seen.reaches = reaches_.Set(seen.reaches, seen.chain, seen.end);
  }
  seen.chain = chain;
  seen.end = end;
}

// The chain is no exception any more.
void Graph::Unreach(uint32_t chain, Seen& seen) const {
  if (seen.chain == chain) seen.chain = Seen::kNoChain;
  if (seen.reaches != 0 && reaches_.Find(seen.reaches, chain) != Reaches::kNone) {
    seen.reaches = reaches_.Set(seen.reaches, chain, Reaches::kNone);
  }
}

void Graph::GoOn(OpRange made, Seen& seen) const {
  const uint32_t chain = places_[EntryOf(made.begin)].chain;
  if (seen.prefix == made.begin) {
    Unreach(chain, seen);
    seen.prefix = made.end;
  } else {
    Reach(chain, made.end, seen);
  }
}

bool Graph::HasAll(const Seen& seen, const Version& version) const {
  return std::all_of(version.begin(), version.end(),
                     [&](Operation o) { return Has(seen, static_cast<Op>(o)); });
}

// What EntryOf answers for an operation that is in `entry` or before it, most likely near.
size_t Graph::EntryAtOrBefore(size_t entry, Op operation) const {
  for (int steps = 0; steps < kMostSteps; ++steps, --entry) {
    if (entries_[entry].first <= operation) return entry;
  }
  return index_.Find(entries_, operation);
}

// Whether nothing at or before the version's last operation comes after one of it, and it is all
// that nothing comes after.
bool Graph::IsFrontier(const Version& version) const {
  const Operation last = version.back();
  size_t entry = EntryOf(static_cast<Op>(last));
  if (places_[entry].heads != version.size()) return false;
  return std::all_of(version.rbegin() + 1, version.rend(), [&](Operation o) {
    entry = EntryAtOrBefore(entry, static_cast<Op>(o));
    return entries_[entry].end == o + 1 && places_[entry].succeeded > last;
  });
}

void Graph::Resolve(const Version& version, Seen& seen, Version& frontier) const {
  seen = Seen();
  frontier.assign(version.begin(), version.end());
  if (version.empty()) return;
  const auto last = static_cast<Op>(version.back());
  if (IsFrontier(version)) {
    seen.prefix = last + 1;
    return;
  }
  if (version.size() == 1) {
    seen = UpTo(last);
    return;
  }
  reaches_.BeginDraft();
  seen = UpTo(last);
  frontier.assign(1, last);
  for (auto head = version.rbegin() + 1; head != version.rend(); ++head) {
    if (Has(seen, static_cast<Op>(*head))) continue;
    frontier.push_back(*head);
    if (!Follow(static_cast<Op>(*head), seen)) Unite(seen, UpTo(static_cast<Op>(*head)));
  }
  std::reverse(frontier.begin(), frontier.end());
  Absorb(seen);
  seen.reaches = reaches_.EndDraft(seen.reaches);
}

// Whether a chain has operations in a range.
bool Graph::IsThere(uint32_t chain, OpRange range) const {
  const std::vector<uint32_t>& entries = chains_[chain].entries;
  if (range.begin >= range.end || entries_[entries.back()].end <= range.begin) return false;
  const auto after = std::partition_point(
      entries.begin(), entries.end(), [&](uint32_t i) { return entries_[i].end <= range.begin; });
  return entries_[*after].first < range.end;
}

// Whether all that the author of an entry had seen is there, as far as that is told at a glance.
bool Graph::IsCertainlyIn(size_t entry, const Seen& seen) const {
  const Seen& own = places_[entry].seen;
  if (own.reaches != 0 || own.prefix > seen.prefix) return false;
  return own.chain == Seen::kNoChain || own.end <= EndIn(seen, own.chain);
}

// Takes in `head` and what comes before it where all of that but a part of one chain is there: who
// merged somebody's branch had often seen all that the branch began with. False, and nothing done,
// where it is more, or the chain long.
bool Graph::Follow(Op head, Seen& seen) const {
  size_t entry = EntryOf(head);
  const uint32_t chain = places_[entry].chain;
  for (int steps = 0; steps < kMostFollowed; ++steps) {
    if (IsCertainlyIn(entry, seen)) {
      Reach(chain, head + 1, seen);
      return true;
    }
    Op before = -1;
    for (Op parent : ParentsOf(entries_[entry])) {
      if (Has(seen, parent)) continue;
      if (before >= 0 || places_[EntryOf(parent)].chain != chain) return false;
      before = parent;
    }
    if (before < 0) {
      const bool whole = head < seen.prefix && !IsThere(chain, {head + 1, seen.prefix});
      whole ? Unreach(chain, seen) : Reach(chain, head + 1, seen);
      return true;
    }
    entry = EntryOf(before);
  }
  return false;
}

void Graph::Unite(Seen& seen, Seen other) const {
  if (seen.prefix < other.prefix) std::swap(seen, other);
  const Op prefix = seen.prefix;
  const auto farther = [&](uint32_t chain, Op a, Op b) {
    const Op end = std::max(a, b);
    return end > prefix || IsThere(chain, {end, prefix}) ? end : Reaches::kNone;
  };
  Seen both;
  both.prefix = prefix;
  if (seen.reaches != other.reaches) {
    both.reaches = reaches_.Unite(seen.reaches, other.reaches, [&](uint32_t chain, Op a, Op b) {
      return farther(chain, a == Reaches::kNone ? prefix : a,
                     b == Reaches::kNone ? other.prefix : b);
    });
  } else {
    both.reaches = seen.reaches;
  }
  for (const uint32_t chain : {seen.chain, other.chain}) {
    if (chain == Seen::kNoChain) continue;
    const Op end = farther(chain, EndIn(seen, chain), EndIn(other, chain));
    if (end == Reaches::kNone) {
      Unreach(chain, both);
    } else {
      Reach(chain, end, both);
    }
  }
  seen = both;
}

// Lets the prefix go on over what is there.
void Graph::Absorb(Seen& seen) const {
  const Op last = entries_.back().end;
  for (int steps = 0; seen.prefix < last && steps < kMostAbsorbed; ++steps) {
    const size_t entry = EntryOf(seen.prefix);
    const uint32_t chain = places_[entry].chain;
    const Op end = EndIn(seen, chain);
    if (end <= seen.prefix) return;
    seen.prefix = std::min(end, entries_[entry].end);
    if (end == seen.prefix) Unreach(chain, seen);
  }
}

Version Graph::VersionAt(Op count, size_t most) const {
  size_t entry = EntryOf(count - 1);
  Version frontier = {count - 1};
  for (size_t heads = places_[entry].heads; frontier.size() < heads && entry > 0;) {
    --entry;
    if (most-- == 0) return {};
    if (places_[entry].succeeded >= count) frontier.push_back(entries_[entry].end - 1);
  }
  std::reverse(frontier.begin(), frontier.end());
  return frontier;
}

// Adds the operations of a chain in a range to `out`, until there are more than `most` pieces.
void Graph::Collect(uint32_t chain, OpRange range, size_t most, std::vector<OpRange>& out) const {
  const std::vector<uint32_t>& entries = chains_[chain].entries;
  auto entry = entries.end();
  while (entry != entries.begin() && entries_[*std::prev(entry)].end > range.begin &&
         out.size() <= most) {
    const Entry& e = entries_[*--entry];
    if (e.first >= range.end) {  // far behind: find the place instead
      entry = std::partition_point(entries.begin(), entry,
                                   [&](uint32_t i) { return entries_[i].first < range.end; });
      continue;
    }
    out.push_back({std::max(e.first, range.begin), std::min(e.end, range.end)});
  }
}

bool Graph::Diff(const Seen& a, const Seen& b, size_t most, Split& out) const {
  out.only_a.clear();
  out.only_b.clear();
  const auto add = [&](uint32_t chain, Op end_a, Op end_b) {
    if (end_a < end_b) Collect(chain, {end_a, end_b}, most, out.only_b);
    if (end_b < end_a) Collect(chain, {end_b, end_a}, most, out.only_a);
    return out.size() <= most;
  };
  const bool near = reaches_.Compare(a.reaches, b.reaches, [&](uint32_t chain, Op in_a, Op in_b) {
    if (chain == a.chain || chain == b.chain) return true;
    return add(chain, in_a == Reaches::kNone ? a.prefix : in_a,
               in_b == Reaches::kNone ? b.prefix : in_b);
  });
  if (!near) return false;
  if (a.chain != Seen::kNoChain) add(a.chain, a.end, EndIn(b, a.chain));
  if (b.chain != Seen::kNoChain && b.chain != a.chain) add(b.chain, EndIn(a, b.chain), b.end);
  return a.prefix == b.prefix ? out.size() <= most : DiffPrefixes(a, b, most, out);
}

// Adds what lies between their prefixes, chains excepted that either reaches in.
bool Graph::DiffPrefixes(const Seen& a, const Seen& b, size_t most, Split& out) const {
  const OpRange gap{std::min(a.prefix, b.prefix), std::max(a.prefix, b.prefix)};
  std::vector<OpRange>& side = a.prefix < b.prefix ? out.only_b : out.only_a;
  const size_t begin = EntryOf(gap.begin);
  const size_t end = EntryOf(gap.end - 1) + 1;
  // Hardly all of it can be excepted.
  const size_t fewest = a.reaches == 0 && b.reaches == 0 ? (end - begin) / 3 : (end - begin) / 8;
  if (fewest > most) return false;
  if (end - begin > chains_.size()) {
    for (uint32_t chain = 0; chain < chains_.size() && out.size() <= most; ++chain) {
      if (!Reaching(a, chain) && !Reaching(b, chain)) Collect(chain, gap, most, side);
    }
    return out.size() <= most;
  }
  for (size_t i = begin; i < end && out.size() <= most; ++i) {
    if (Reaching(a, places_[i].chain) || Reaching(b, places_[i].chain)) continue;
    side.push_back({std::max(entries_[i].first, gap.begin), std::min(entries_[i].end, gap.end)});
  }
  return out.size() <= most;
}

bool Graph::Lacking(const Seen& seen, Op end, size_t most, std::vector<OpRange>& out) const {
  out.clear();
  if (seen.prefix >= end) return true;
  if (seen.reaches == 0 && seen.chain == Seen::kNoChain) {
    out.push_back({seen.prefix, end});
    return true;
  }
  for (size_t i = EntryOf(seen.prefix); i < entries_.size() && entries_[i].first < end; ++i) {
    const OpRange piece{std::max(entries_[i].first, EndIn(seen, places_[i].chain)),
                        std::min(entries_[i].end, end)};
    if (piece.begin >= piece.end) continue;
    if (!out.empty() && out.back().end == piece.begin) {
      out.back().end = piece.end;
    } else {
      if (out.size() >= most) return false;
      out.push_back(piece);
    }
  }
  return true;
}

Version Ascending(Version operations) {
  std::sort(operations.begin(), operations.end());
  operations.erase(std::unique(operations.begin(), operations.end()), operations.end());
  return operations;
}

int64_t Split::operations() const {
  int64_t count = 0;
  for (const OpRange& range : only_a) count += range.end - range.begin;
  for (const OpRange& range : only_b) count += range.end - range.begin;
  return count;
}

void Split::Sort() {
  const auto by_begin = [](const OpRange& x, const OpRange& y) { return x.begin < y.begin; };
  std::sort(only_b.begin(), only_b.end(), by_begin);
  std::sort(only_a.rbegin(), only_a.rend(), by_begin);
}

}  // namespace twinning::text
