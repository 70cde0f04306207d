// One operator's reading of a partnership's log, page after page, and then on as entries become
// durable when it follows.
#pragma once

#include <grpcpp/grpcpp.h>

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "server/admin/office.h"
#include "server/sequencer/committer.h"
#include "twinning/v1/admin.pb.h"

namespace twinning::server {

class LogStream final : public grpc::ServerWriteReactor<v1::LogLine>,
                        public std::enable_shared_from_this<LogStream> {
 public:
  // A reactor for gRPC, which keeps itself until OnDone. `by` is who reads, for the audit.
  static LogStream* Begin(Committer& committer, Office& office, const v1::LogRequest& request,
                          const std::string& by);

  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;

 private:
  LogStream(Committer& committer, Office& office, const v1::LogRequest& request, std::string by)
      : committer_(committer),
        office_(office),
        request_(request),
        by_(std::move(by)),
        cursor_(request.after()) {}

  void Post();
  void ReadPage(Sequencer& sequencer);
  void TakePage(std::vector<v1::LogLine> lines);
  void End(const absl::Status& status);
  void Advance();

  Committer& committer_;
  Office& office_;
  const v1::LogRequest request_;
  const std::string by_;
  std::shared_ptr<LogStream> self_;  // until OnDone
  std::optional<LedgerId> ledger_;   // the committer's thread only, as cursor_
  Sequence cursor_;

  std::mutex mutex_;  // over all below
  std::deque<v1::LogLine> lines_;
  v1::LogLine line_;                    // under way
  std::optional<absl::Status> ending_;  // as soon as nothing is under way
  bool writing_ = false;
  bool finished_ = false;
};

}  // namespace twinning::server
