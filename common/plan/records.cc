#include "common/plan/records.h"

#include <algorithm>

namespace twinning::plan {

Records Records::Over(const Records& under) {
  Records layer;
  layer.under_ = &under;
  return layer;
}

const merge::Record* Records::Find(const RecordId& id) const {
  auto own = own_.find(id);
  if (own != own_.end()) return own->second.get();
  return under_ != nullptr ? under_->Find(id) : nullptr;
}

merge::Record* Records::Edit(const RecordId& id) {
  auto own = own_.find(id);
  if (own != own_.end()) return own->second.get();
  const merge::Record* below = under_ != nullptr ? under_->Find(id) : nullptr;
  return below != nullptr ? &Put(*below) : nullptr;
}

merge::Record& Records::Put(merge::Record record) {
  by_kind_[record.kind].insert(record.id);
  std::unique_ptr<merge::Record>& place = own_[record.id];
  place = std::make_unique<merge::Record>(std::move(record));
  return *place;
}

std::vector<RecordId> Records::own() const {
  std::vector<RecordId> ids;
  ids.reserve(own_.size());
  for (const auto& [id, record] : own_) ids.push_back(id);
  std::sort(ids.begin(), ids.end());
  return ids;
}

size_t Records::size() const {
  size_t count = own_.size();
  if (under_ == nullptr) return count;
  count += under_->size();
  for (const auto& [id, record] : own_) count -= under_->Find(id) != nullptr ? 1 : 0;
  return count;
}

std::set<uint32_t> Records::Kinds() const {
  std::set<uint32_t> kinds;
  if (under_ != nullptr) kinds = under_->Kinds();
  for (const auto& [kind, ids] : by_kind_) kinds.insert(kind);
  return kinds;
}

std::vector<RecordId> Records::Ids(uint32_t kind) const {
  std::vector<RecordId> own;
  if (auto found = by_kind_.find(kind); found != by_kind_.end()) {
    own.assign(found->second.begin(), found->second.end());
  }
  if (under_ == nullptr) return own;
  std::vector<RecordId> below = under_->Ids(kind);
  std::vector<RecordId> both;
  std::set_union(own.begin(), own.end(), below.begin(), below.end(), std::back_inserter(both));
  return both;
}

void Records::ForEach(const std::function<void(const merge::Record&)>& see) const {
  std::vector<RecordId> ids;
  for (uint32_t kind : Kinds()) {
    std::vector<RecordId> of_kind = Ids(kind);
    ids.insert(ids.end(), of_kind.begin(), of_kind.end());
  }
  std::sort(ids.begin(), ids.end());
  for (const RecordId& id : ids) see(*Find(id));
}

void Records::ForEach(uint32_t kind, const std::function<void(const merge::Record&)>& see) const {
  for (const RecordId& id : Ids(kind)) see(*Find(id));
}

}  // namespace twinning::plan
