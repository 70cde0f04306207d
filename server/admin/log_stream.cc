#include "server/admin/log_stream.h"

#include <utility>

#include "server/door/answer.h"
#include "server/door/happens_before.h"

namespace twinning::server {

LogStream* LogStream::Begin(Committer& committer, Office& office, const v1::LogRequest& request,
                            const std::string& by) {
  std::shared_ptr<LogStream> stream(new LogStream(committer, office, request, by));
  stream->self_ = stream;
  stream->Post();
  return stream.get();
}

void LogStream::Post() {
  bool taken =
      committer_.Post([stream = self_](Sequencer& sequencer) { stream->ReadPage(sequencer); });
  if (!taken) End(Unavailable("the server is shutting down"));
}

// On the committer's thread.
void LogStream::ReadPage(Sequencer& sequencer) {
  if (!ledger_) {
    absl::StatusOr<LedgerId> ledger = office_.Resolve(sequencer, request_.partnership());
    if (!ledger.ok()) return End(ledger.status());
    ledger_ = *ledger;
    office_.NoteReading(sequencer, *ledger_, by_);
  }
  absl::StatusOr<std::vector<v1::LogLine>> lines = office_.Log(sequencer, *ledger_, cursor_);
  if (!lines.ok()) return End(lines.status());
  if (!lines->empty()) {
    cursor_ = lines->back().sequence();
    return TakePage(*std::move(lines));
  }
  if (!request_.follow()) return End(absl::OkStatus());
  sequencer.WhenDurable(*ledger_, cursor_ + 1,
                        [weak = weak_from_this(), &sequencer](const absl::Status& durable) {
                          std::shared_ptr<LogStream> stream = weak.lock();
                          if (stream == nullptr) return;
                          if (!durable.ok()) return stream->End(durable);
                          stream->ReadPage(sequencer);
                        });
}

void LogStream::TakePage(std::vector<v1::LogLine> lines) {
  std::lock_guard lock(mutex_);
  for (v1::LogLine& line : lines) lines_.push_back(std::move(line));
  Advance();
}

// Under the lock.
void LogStream::Advance() {
  if (writing_ || finished_) return;
  if (ending_) {
    finished_ = true;
    TWINNING_OPERATION_STARTS(this);
    Finish(GrpcStatus(*ending_));
  } else if (!lines_.empty()) {
    writing_ = true;
    line_ = std::move(lines_.front());
    lines_.pop_front();
    TWINNING_OPERATION_STARTS(this);
    StartWrite(&line_);
  }
}

void LogStream::OnWriteDone(bool ok) {
  TWINNING_OPERATION_DONE(this);
  bool page_done;
  {
    std::lock_guard lock(mutex_);
    writing_ = false;
    if (!ok) ending_ = absl::CancelledError("");
    Advance();
    page_done = !writing_ && !finished_;
  }
  if (page_done) Post();
}

void LogStream::OnCancel() { End(absl::CancelledError("")); }

void LogStream::End(const absl::Status& status) {
  std::lock_guard lock(mutex_);
  if (!ending_) ending_ = status;
  Advance();
}

void LogStream::OnDone() {
  TWINNING_OPERATION_DONE(this);
  std::shared_ptr<LogStream> self = std::move(self_);
}

}  // namespace twinning::server
