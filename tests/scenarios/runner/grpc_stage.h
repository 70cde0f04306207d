// The stage with everything real: a server with SQLite, gRPC on loopback, and for each person a
// replica with SQLite. One server may hold many stages, a partnership each.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "server/house.h"
#include "tests/scenarios/runner/stage.h"
#include "tests/support/temporary_folder.h"
#include "twinning/v1/admin.grpc.pb.h"

namespace twinning::scenarios {

// A server in this process, with a folder of its own.
class Premises {
 public:
  static absl::StatusOr<std::unique_ptr<Premises>> Open();
  ~Premises();

  absl::Status Found(const std::string& partnership);
  // The code with which somebody of the town may join.
  absl::StatusOr<std::string> Invite(const std::string& partnership, const std::string& town);
  std::string FolderFor(const std::string& name) const { return folder_ / name; }

 private:
  Premises() = default;

  TemporaryFolder folder_;
  std::unique_ptr<server::House> house_;
  std::unique_ptr<v1::Admin::Stub> admin_;
};

class GrpcStage final : public Stage {
 public:
  // A new partnership at `premises`, which must outlive it.
  static absl::StatusOr<std::unique_ptr<GrpcStage>> Found(Premises& premises,
                                                          const std::string& partnership);

  ~GrpcStage() override;

  absl::Status Join(const std::string& name, const std::string& town) override;
  const plan::Plan& View(const std::string& name) override;
  ledger::Head Confirmed(const std::string& name) override;
  TownId TownOf(const std::string& name) override;
  const SigningKey& Key(const std::string& name) override;
  Number LastNumber(const std::string& name) override;
  absl::StatusOr<plan::Change> OwnChange(const std::string& name, Number number) override;
  absl::StatusOr<Drawer> Refused(const std::string& name) override;
  absl::StatusOr<std::optional<plan::Refusal>> Write(const std::string& name,
                                                     const client::Replica::Draft& draft,
                                                     int64_t time_ms) override;
  absl::Status Force(const std::string& name, const client::Replica::Draft& draft,
                     int64_t time_ms) override;
  absl::Status Sync(const std::string& name) override;
  absl::Status Receive(const std::string& name) override;
  absl::Status CheckEqual() override;

 private:
  GrpcStage(Premises& premises, std::string partnership)
      : premises_(premises), partnership_(std::move(partnership)) {}
  client::Replica& At(const std::string& name) { return *replicas_.at(name); }
  client::Replica& FurthestAhead();

  Premises& premises_;
  std::string partnership_;
  std::map<std::string, std::unique_ptr<client::Replica>> replicas_;
};

}  // namespace twinning::scenarios
