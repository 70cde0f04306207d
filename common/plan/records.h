// The records of a plan, by id. A layer over another set of records sees what lies under it and
// copies a record up when it is first edited: so an outbox lies over confirmed state and touches
// none of it.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

#include "common/merge/record.h"

namespace twinning::plan {

class Records {
 public:
  Records() = default;
  static Records Over(const Records& under);  // `under` must outlive the layer

  const merge::Record* Find(const RecordId& id) const;
  merge::Record* Edit(const RecordId& id);   // null when there is none
  merge::Record& Put(merge::Record record);  // replaces one of the same id
  size_t size() const;
  // The records that this layer holds itself, ascending.
  std::vector<RecordId> own() const;

  // Ascending by id, so that everything made from it is the same everywhere. The second takes one
  // kind only.
  void ForEach(const std::function<void(const merge::Record&)>& see) const;
  void ForEach(uint32_t kind, const std::function<void(const merge::Record&)>& see) const;

 private:
  std::set<uint32_t> Kinds() const;
  std::vector<RecordId> Ids(uint32_t kind) const;

  const Records* under_ = nullptr;
  std::unordered_map<RecordId, std::unique_ptr<merge::Record>> own_;
  std::map<uint32_t, std::set<RecordId>> by_kind_;  // of `own_`
};

}  // namespace twinning::plan
