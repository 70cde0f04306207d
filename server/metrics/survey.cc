#include "server/metrics/survey.h"

#include <sys/statvfs.h>

#include <filesystem>
#include <optional>

#include "server/ledger/data_folder.h"

namespace twinning::server {
namespace {

uint64_t SizeOf(const std::string& path) {
  std::error_code error;
  const uint64_t size = std::filesystem::file_size(path, error);
  return error ? 0 : size;
}

uint64_t FreeBytes(const std::string& folder) {
  struct statvfs disk {};
  return statvfs(folder.c_str(), &disk) == 0 ? disk.f_bavail * disk.f_frsize : 0;
}

v1::Measurement::Ledger LedgerOf(const LedgerId& id, const sync::ServerPartnership& partnership) {
  v1::Measurement::Ledger ledger;
  ledger.set_ledger(std::string(id.bytes()));
  ledger.set_name(partnership.plan().name());
  ledger.set_sequence(partnership.durable().sequence);
  ledger.set_sessions(static_cast<uint32_t>(partnership.sessions()));
  uint64_t outbox = 0;
  for (const auto& [replica, known] : partnership.progress()) outbox += known.outbox;
  ledger.set_outbox(outbox);
  ledger.set_archived(partnership.archived());
  ledger.set_recovering(partnership.recovery().has_value());
  return ledger;
}

void Add(const Sequencer& sequencer, v1::Measurement& into) {
  uint64_t unsent = 0;
  sequencer.ForEach([&](const LedgerId& id, const sync::ServerPartnership& partnership) {
    *into.add_ledgers() = LedgerOf(id, partnership);
    unsent += partnership.unsent();
  });
  into.set_unsent(unsent);
}

}  // namespace

v1::Measurement Survey::TakeAround() const {
  v1::Measurement measured;
  measured.set_now_ms(sources_.now_ms());
  measured.set_started_ms(started_ms_);
  sources_.measures.Read(measured);
  const AtTheDoors doors = sources_.doors();
  measured.set_connections(doors.connections);
  measured.set_turned_away(doors.turned_away);
  measured.set_streams(sources_.streams.count());
  measured.set_waiting(sources_.committer.waiting());
  const std::string database = DataFolder::DatabaseIn(sources_.data);
  measured.set_database_bytes(SizeOf(database));
  measured.set_log_bytes(SizeOf(database + "-wal"));
  measured.set_disk_free_bytes(FreeBytes(sources_.data));
  measured.set_backup_ms(DataFolder::LastBackup(sources_.data));
  for (const CertificateReport& report : sources_.upkeep.Report()) {
    v1::Measurement::Certificate& one = *measured.add_certificates();
    one.set_what(report.what);
    one.set_until_ms(report.certificate.valid_until_ms());
  }
  return measured;
}

v1::Measurement Survey::Take(const Sequencer& sequencer) const {
  v1::Measurement measured = TakeAround();
  Add(sequencer, measured);
  return measured;
}

v1::Measurement Survey::Take(std::chrono::milliseconds patience) const {
  std::optional<v1::Measurement> inside = sources_.committer.Ask<v1::Measurement>(
      [](Sequencer& sequencer) {
        v1::Measurement measured;
        Add(sequencer, measured);
        return measured;
      },
      patience);
  v1::Measurement measured = TakeAround();
  if (inside) measured.MergeFrom(*inside);
  return measured;
}

}  // namespace twinning::server
