#include "common/ledger/lineage.h"

#include <algorithm>
#include <utility>

namespace twinning::ledger {
namespace {

constexpr size_t kStride = 64;  // entries between two places whose numbers are kept

void Raise(std::map<ReplicaId, Number>& numbers, const ReplicaId& replica, Number number) {
  Number& last = numbers[replica];
  last = std::max(last, number);
}

}  // namespace

void Lineage::Add(Lost lost) {
  size_t place = all_.size();
  std::optional<size_t> before = PlaceOf(lost.previous);
  if (before) lost.fork = all_[*before].fork;
  places_.emplace(lost.hash, place);
  all_.push_back(lost);
  before_.push_back(before);
  depths_.push_back(before ? depths_[*before] + 1 : 1);
  if (depths_.back() % kStride == 0) kept_[place] = NumbersUpTo(place);
}

std::optional<size_t> Lineage::PlaceOf(const Hash& hash) const {
  auto found = places_.find(hash);
  if (found == places_.end()) return std::nullopt;
  return found->second;
}

const Lost* Lineage::Find(const Hash& hash) const {
  std::optional<size_t> place = PlaceOf(hash);
  return place ? &all_[*place] : nullptr;
}

std::map<ReplicaId, Number> Lineage::NumbersUpTo(std::optional<size_t> place) const {
  std::map<ReplicaId, Number> numbers;
  for (; place; place = before_[*place]) {
    if (auto kept = kept_.find(*place); kept != kept_.end()) {
      for (const auto& [replica, number] : kept->second) Raise(numbers, replica, number);
      break;
    }
    const Lost& lost = all_[*place];
    if (!lost.replica.empty()) Raise(numbers, lost.replica, lost.number);
  }
  return numbers;
}

std::map<ReplicaId, Number> Lineage::NumbersAt(const Hash& hash) const {
  return NumbersUpTo(PlaceOf(hash));
}

bool Lineage::Includes(const Hash& hash, Sequence readmitted) const {
  for (std::optional<size_t> place = PlaceOf(hash); place; place = before_[*place]) {
    if (all_[*place].readmitted == readmitted) return true;
    if (all_[*place].readmitted < readmitted) return false;
  }
  return false;
}

}  // namespace twinning::ledger
