// The text, its history and, while edits are concurrent, the tracker that places them. An edit
// whose author had seen everything goes straight into the text; the tracker is not touched.
#ifndef TWINNING_COMMON_TEXT_ENGINE_H_
#define TWINNING_COMMON_TEXT_ENGINE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/text/history.h"
#include "common/text/rope.h"
#include "common/text/tracker.h"

namespace twinning::text {

class Engine {
 public:
  const History& history() const { return history_; }
  const Rope& rope() const { return rope_; }
  Author AddAuthor(std::string_view id) { return history_.AddAuthor(id); }

  // Takes over what a decoder made: `rope` must be the merged text of `history`.
  void Load(History history, Rope rope);

  // An edit is Begin at a known version, ascending and without repetition, then splices in its
  // author's text, each seeing the earlier ones. Effects on the merged text are added to `merged`
  // unless that is null. Nothing is changed before the first splice.
  void Begin(Author author, const Version& version, std::vector<Splice>* merged);
  // The same at the version of all operations.
  void BeginAtEnd(Author author, std::vector<Splice>* merged);
  // Code points in the author's text; valid after Begin.
  int64_t AuthorSize() const { return author_size_; }
  void Delete(int64_t position, int64_t count);
  // `code_points` is the length of `text`.
  void Insert(int64_t position, std::string_view text, int64_t code_points);

  // What is being typed reaches text and tracker only when something else happens. Before that,
  // and before anything reads them, this is to be called.
  void Settle();

  // The tracker, if it has taken in everything and stands at `version`.
  const Tracker* TrackerAt(const Version& version) const {
    const bool there =
        tracker_ && tracker_->next() == history_.operations() && tracker_->version() == version;
    if (there) tracker_->MakeView(history_);
    return there ? &*tracker_ : nullptr;
  }

  // Forgets what only concurrent edits need.
  void DropTracker() { tracker_.reset(); }

 private:
  // Text that one author types at one place while others' edits are concurrent.
  struct Typing {
    bool open = false;     // whether more may follow
    int64_t position = 0;  // in the author's text, of what is below
    int64_t merged = -1;   // in the merged text; -1: not known yet
    int64_t length = 0;    // code points that the history has, and nobody else yet
    std::string text;
  };

  void Enter();
  void NewTracker(Op base);
  void PrepareTracker(const Version& frontier, Author author);
  void Type(int64_t position, std::string_view text, int64_t code_points);
  void Place();
  void Emit(int64_t position, int64_t removed, std::string_view inserted, int64_t code_points);

  History history_;
  Rope rope_;
  mutable std::optional<Tracker> tracker_;  // which views it has is nobody's business
  // Before there are so many operations the tracker's base does not move forward: whenever it had
  // to move back, and much was taken in again, much else has to come first.
  Op patient_until_ = 0;
  Typing typing_;

  // The edit under way.
  Author author_ = 0;
  Version parents_;
  Seen seen_;                // what they have,
  bool knows_seen_ = false;  // unless nobody asked
  bool entered_ = false;
  bool sequential_ = true;
  int64_t author_size_ = 0;
  std::vector<Splice>* merged_ = nullptr;
  int64_t last_inserted_ = 0;  // code points that merged_->back() inserts
  std::vector<Removal> removals_;
  std::string removed_;
};

}  // namespace twinning::text

#endif  // TWINNING_COMMON_TEXT_ENGINE_H_
