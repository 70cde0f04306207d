#include "server/sequencer/sequencer.h"

#include <fmt/core.h>

#include <utility>

#include "common/base/status.h"
#include "server/log/log.h"

namespace twinning::server {
namespace {

using sync::ServerActions;
using sync::ServerPartnership;
using sync::SessionId;

v1::Closing ClosingOf(v1::CloseReason reason, const std::string& detail, int64_t wait_ms) {
  v1::Closing closing;
  closing.set_reason(reason);
  closing.set_detail(detail);
  closing.set_wait_ms(wait_ms);
  return closing;
}

std::string NameOf(const LedgerId& ledger) { return "partnership " + ledger.hex().substr(0, 8); }

}  // namespace

Sequencer::Sequencer(Ledger& ledger, Clock now_ms, const sync::ServerLimits& limits, Room room,
                     Measures* measures)
    : ledger_(ledger),
      now_ms_(std::move(now_ms)),
      limits_(limits),
      room_(std::move(room)),
      measures_(measures) {
  ledger_.Watch([this](const Partnership& partnership) { moved_.push_back(partnership); });
}

Sequencer::~Sequencer() { ledger_.Watch({}); }

// --- Sessions -----------------------------------------------------------------------------------

void Sequencer::Connected(SessionId id, std::shared_ptr<Outlet> outlet) {
  if (seats_.size() >= limits_.sessions) {
    return outlet->Close(ClosingOf(v1::SHUTTING_DOWN,
                                   "the server has no room for another connection now", 0));
  }
  seats_.try_emplace(id, Seat{std::move(outlet), {}, ticks(), {}});
}

Sequencer::Hall* Sequencer::HallOf(SessionId id) {
  auto seat = seats_.find(id);
  if (seat == seats_.end()) return nullptr;
  auto hall = halls_.find(seat->second.ledger);
  return hall == halls_.end() ? nullptr : hall->second.get();
}

// Leads a session to the partnership that its hello names.
Sequencer::Hall* Sequencer::Admit(SessionId id, const v1::ClientMessage& message) {
  if (Hall* hall = HallOf(id)) return hall;
  std::optional<LedgerId> ledger = LedgerId::Of(message.hello().ledger());
  absl::StatusOr<ServerPartnership*> found =
      ledger ? Find(*ledger) : NotFound("a hello that names no partnership");
  if (found.ok()) {
    seats_.at(id).ledger = *ledger;
    (*found)->Connected(id);
    return HallOf(id);
  }
  if (absl::IsNotFound(found.status())) {
    Close(id, v1::UNKNOWN_PARTNERSHIP, "");
  } else {
    LogError(MessageOf(found.status()));
    Close(id, v1::SHUTTING_DOWN, "the server cannot read this partnership's ledger");
  }
  return nullptr;
}

void Sequencer::Received(SessionId id, const v1::ClientMessage& message) {
  if (!seats_.contains(id)) return;
  Hall* hall = Admit(id, message);
  if (hall == nullptr) return;
  LedgerId ledger = seats_.at(id).ledger;
  Carry(ledger, *hall, hall->partnership.Received(id, message, now_ms_()));
  if (full_ && message.has_push()) {
    unheard_.insert(id);
  } else {
    Listen(id);
  }
}

void Sequencer::Listen(SessionId id) {
  if (auto seat = seats_.find(id); seat != seats_.end()) seat->second.outlet->Receive();
}

void Sequencer::Written(SessionId id) {
  Hall* hall = HallOf(id);
  if (hall == nullptr) return;
  Seat& seat = seats_.at(id);
  if (std::optional<int64_t> durable_us = std::exchange(seat.durable_us, std::nullopt)) {
    measures_->HandedOver(ticks() - *durable_us);
  }
  Carry(seat.ledger, *hall, hall->partnership.Written(id));
}

void Sequencer::Disconnected(SessionId id) {
  if (Hall* hall = HallOf(id)) hall->partnership.Disconnected(id, now_ms_());
  seats_.erase(id);
}

void Sequencer::Close(SessionId id, v1::CloseReason reason, const std::string& detail,
                      int64_t wait_ms) {
  auto seat = seats_.find(id);
  if (seat == seats_.end()) return;
  std::shared_ptr<Outlet> outlet = std::move(seat->second.outlet);
  seats_.erase(seat);
  if (measures_ != nullptr) measures_->Closed(reason);
  outlet->Close(ClosingOf(reason, detail, wait_ms));
}

void Sequencer::End() {
  while (!seats_.empty()) Close(seats_.begin()->first, v1::SHUTTING_DOWN, "");
  for (const auto& [ledger, hall] : std::exchange(halls_, {})) {
    for (Waiting& waiting : hall->waiting) waiting.then(Unavailable("the server is shutting down"));
  }
}

// --- What the partnerships ask for --------------------------------------------------------------

void Sequencer::Carry(const LedgerId& ledger, Hall& hall, ServerActions actions) {
  touched_.insert(ledger);
  while (!actions.empty()) {
    ServerActions more;
    for (sync::ServerAction& action : actions) {
      for (sync::ServerAction& next : Carry(ledger, hall, action)) more.push_back(std::move(next));
    }
    actions = std::move(more);
  }
  DropFailed(ledger);
}

ServerActions Sequencer::Carry(const LedgerId& ledger, Hall& hall, sync::ServerAction& action) {
  if (auto* send = std::get_if<sync::SendMessage>(&action)) {
    auto seat = seats_.find(send->session);
    if (seat == seats_.end()) return {};
    NoteSent(hall, seat->second, send->message);
    seat->second.outlet->Send(std::move(send->message));
  } else if (auto* close = std::get_if<sync::CloseSession>(&action)) {
    if (close->reason != v1::UNKNOWN_PARTNERSHIP) {
      LogWarning(fmt::format("{}: closed a session: {} {}", NameOf(ledger),
                             v1::CloseReason_Name(close->reason), close->detail));
    }
    Close(close->session, close->reason, close->detail, close->wait_ms);
  } else if (auto* read = std::get_if<sync::ReadEntries>(&action)) {
    return ReadFor(ledger, hall, *read);
  }
  return {};
}

ServerActions Sequencer::ReadFor(const LedgerId& ledger, Hall& hall,
                                 const sync::ReadEntries& read) {
  sync::EntriesBatch batch;
  absl::Status status = ledger_.Read(ledger, read.after, read.up_to,
                                     [&](sync::ChainedEntry&& chained) -> absl::StatusOr<bool> {
                                       return batch.Take(std::move(chained.entry));
                                     });
  if (status.ok()) return hall.partnership.EntriesRead(read.session, batch.Finish());
  failure_ = Within(NameOf(ledger), status);
  return {};
}

// A partnership that lost its way is made again from the ledger when it is next asked for.
void Sequencer::DropFailed(const LedgerId& ledger) {
  auto hall = halls_.find(ledger);
  if (hall == halls_.end() || hall->second->partnership.failure().ok()) return;
  absl::Status why = hall->second->partnership.failure();
  LogError(fmt::format("{}: {}", NameOf(ledger), MessageOf(why)));
  Drop(ledger, why);
}

void Sequencer::Drop(const LedgerId& ledger, const absl::Status& why) {
  auto hall = halls_.find(ledger);
  if (hall == halls_.end()) return;
  for (Waiting& waiting : hall->second->waiting) waiting.then(why);
  std::vector<SessionId> sessions;
  for (const auto& [id, seat] : seats_) {
    if (seat.ledger == ledger) sessions.push_back(id);
  }
  halls_.erase(hall);
  touched_.erase(ledger);
  for (SessionId id : sessions) {
    Close(id, v1::SHUTTING_DOWN, "the server starts this partnership again from its ledger");
  }
}

// --- Operators ----------------------------------------------------------------------------------

absl::StatusOr<std::unique_ptr<Sequencer::Hall>> Sequencer::Open(const LedgerId& ledger) {
  TWINNING_ASSIGN_OR_RETURN(ledger::Head head, ledger_.HeadOf(ledger));
  auto hall = std::make_unique<Hall>(ledger_, ledger, limits_);
  ServerPartnership& partnership = hall->partnership;
  absl::Status loaded = ledger_.Read(ledger, 0, head.sequence,
                                     [&](sync::ChainedEntry&& chained) -> absl::StatusOr<bool> {
                                       absl::Status taken = partnership.Load(chained);
                                       if (!taken.ok()) return taken;
                                       return true;
                                     });
  if (loaded.ok()) loaded = partnership.Loaded();
  if (loaded.ok() && (partnership.durable() != head || partnership.plan().ledger() != ledger)) {
    loaded = DataLoss("its entries are not those that its head names");
  }
  if (loaded.ok()) loaded = ResumeRecovery(ledger, partnership);
  if (loaded.ok()) loaded = RestoreClaims(ledger, partnership);
  if (!loaded.ok()) return Within(NameOf(ledger), loaded);
  TWINNING_ASSIGN_OR_RETURN(int64_t archived_ms, ledger_.ArchivedSince(ledger));
  partnership.SetArchived(archived_ms);
  if (opened_) opened_(ledger, partnership);
  return hall;
}

absl::Status Sequencer::ResumeRecovery(const LedgerId& ledger, ServerPartnership& partnership) {
  TWINNING_ASSIGN_OR_RETURN(std::optional<sync::RecoveryNote> note, ledger_.RecoveryOf(ledger));
  if (!note || partnership.Resume(*note)) return absl::OkStatus();
  return ledger_.SetRecovery(ledger, std::nullopt);
}

absl::Status Sequencer::RestoreClaims(const LedgerId& ledger, ServerPartnership& partnership) {
  TWINNING_ASSIGN_OR_RETURN(std::vector<Claim> claims, ledger_.ClaimsOf(ledger));
  for (Claim& claim : claims) partnership.RestoreClaim(claim.first, std::move(claim.second));
  return absl::OkStatus();
}

absl::Status Sequencer::BeginRecovery(const LedgerId& ledger) {
  TWINNING_ASSIGN_OR_RETURN(ServerPartnership * partnership, Find(ledger));
  TWINNING_ASSIGN_OR_RETURN(sync::RecoveryNote note, partnership->BeginRecovery());
  TWINNING_RETURN_IF_ERROR(ledger_.SetRecovery(ledger, note));
  Carry(ledger, *halls_.at(ledger), partnership->Announce());
  return absl::OkStatus();
}

// The note stays until the ledger is next opened: by the entry that ends the recovery it is over.
absl::Status Sequencer::FinishRecovery(const LedgerId& ledger) {
  TWINNING_ASSIGN_OR_RETURN(ServerPartnership * partnership, Find(ledger));
  return partnership->FinishRecovery(now_ms_());
}

absl::Status Sequencer::SetArchived(const LedgerId& ledger, int64_t since_ms) {
  TWINNING_ASSIGN_OR_RETURN(ServerPartnership * partnership, Find(ledger));
  TWINNING_RETURN_IF_ERROR(ledger_.SetArchived(ledger, since_ms));
  partnership->SetArchived(since_ms);
  Carry(ledger, *halls_.at(ledger), partnership->Announce());
  return absl::OkStatus();
}

void Sequencer::Reopen(const LedgerId& ledger) {
  Drop(ledger, Unavailable("the server opens this partnership again"));
}

void Sequencer::ForEach(
    const std::function<void(const LedgerId&, const ServerPartnership&)>& see) const {
  for (const auto& [ledger, hall] : halls_) see(ledger, hall->partnership);
}

absl::StatusOr<ServerPartnership*> Sequencer::Find(const LedgerId& ledger) {
  auto hall = halls_.find(ledger);
  if (hall == halls_.end()) {
    TWINNING_ASSIGN_OR_RETURN(std::unique_ptr<Hall> opened, Open(ledger));
    hall = halls_.emplace(ledger, std::move(opened)).first;
  }
  touched_.insert(ledger);
  return &hall->second->partnership;
}

absl::Status Sequencer::Found(const LedgerId& ledger, std::string_view name) {
  if (halls_.contains(ledger) || ledger_.HeadOf(ledger).ok()) {
    return AlreadyExists(NameOf(ledger) + " has been founded already");
  }
  auto hall = std::make_unique<Hall>(ledger_, ledger, limits_);
  TWINNING_RETURN_IF_ERROR(hall->partnership.Found(ledger, name, now_ms_()));
  halls_.emplace(ledger, std::move(hall));
  touched_.insert(ledger);
  return absl::OkStatus();
}

absl::StatusOr<std::vector<v1::Entry>> Sequencer::Read(const LedgerId& ledger, Sequence after,
                                                       size_t entries_max) {
  std::vector<v1::Entry> entries;
  TWINNING_RETURN_IF_ERROR(ledger_.Read(ledger, after, UINT64_MAX,
                                        [&](sync::ChainedEntry&& chained) -> absl::StatusOr<bool> {
                                          entries.push_back(std::move(chained.entry));
                                          return entries.size() < entries_max;
                                        }));
  return entries;
}

void Sequencer::WhenDurable(const LedgerId& ledger, Sequence sequence, Then then) {
  auto hall = halls_.find(ledger);
  if (hall == halls_.end()) return then(NotFound(NameOf(ledger) + " is not open"));
  if (hall->second->partnership.durable().sequence >= sequence) return then(absl::OkStatus());
  hall->second->waiting.push_back({sequence, std::move(then)});
}

// --- The end of a round -------------------------------------------------------------------------

std::vector<Batch> Sequencer::TakeBatches() {
  std::vector<Batch> batches;
  for (const LedgerId& ledger : std::exchange(touched_, {})) {
    auto hall = halls_.find(ledger);
    if (hall == halls_.end()) continue;
    std::optional<sync::AppendEntries> append = hall->second->partnership.TakeAppend();
    if (!append) continue;
    batches.push_back({ledger, append->expected, std::move(append->entries),
                       hall->second->partnership.TakeClaims()});
  }
  return batches;
}

absl::Status Sequencer::Commit() {
  // Again, because who is told may have something to sequence.
  while (failure_.ok()) {
    std::vector<Batch> batches = TakeBatches();
    if (batches.empty()) break;
    const int64_t began_us = ticks();
    absl::Status appended = Append(batches);
    if (absl::IsResourceExhausted(appended)) {
      NoteFull(batches);
      return absl::OkStatus();
    }
    failure_ = appended;
    if (failure_.ok()) {
      Measure(batches, began_us);
      Tell(batches);
    }
  }
  if (full_ && failure_.ok() && room_.take_back()) NoteRoom();
  return failure_;
}

void Sequencer::Measure(const std::vector<Batch>& batches, int64_t began_us) {
  if (measures_ == nullptr) return;
  const int64_t now_us = ticks();
  measures_->CommitTook(now_us - began_us);
  for (const Batch& batch : batches) {
    for (const sync::ChainedEntry& chained : batch.entries) measures_->Committed(chained.entry);
    halls_.at(batch.ledger)->recent.Add(batch.expected.sequence + 1, now_us);
  }
}

// What a session lacked when it came is not timed: it was away, nobody was slow.
void Sequencer::NoteSent(const Hall& hall, Seat& seat, const v1::ServerMessage& message) const {
  if (measures_ == nullptr || message.entries().entries().empty()) return;
  std::optional<int64_t> durable_us = hall.recent.TimeOf(message.entries().entries(0).sequence());
  if (durable_us && *durable_us >= seat.since_us) seat.durable_us = durable_us;
}

// What has been begun is finished with the room of the reserve, if that is enough.
absl::Status Sequencer::Append(const std::vector<Batch>& batches) {
  absl::Status appended = ledger_.Append(batches);
  if (full_ || !absl::IsResourceExhausted(appended)) return appended;
  LogError("the disk is full: nothing is acknowledged until there is room (" + MessageOf(appended) +
           ")");
  full_ = true;
  if (measures_ != nullptr) measures_->DiskFull(true);
  room_.give_up();
  return ledger_.Append(batches);
}

void Sequencer::NoteFull(const std::vector<Batch>& batches) {
  for (const Batch& batch : batches) {
    touched_.insert(batch.ledger);
    halls_.at(batch.ledger)->partnership.NotCommitted();
  }
}

void Sequencer::NoteRoom() {
  LogInfo("the disk has room again");
  full_ = false;
  if (measures_ != nullptr) measures_->DiskFull(false);
  for (SessionId id : std::exchange(unheard_, {})) Listen(id);
}

void Sequencer::Tell(const std::vector<Batch>& batches) {
  for (const Batch& batch : batches) {
    Hall& hall = *halls_.at(batch.ledger);
    Carry(batch.ledger, hall, hall.partnership.Committed(batch.head()));
    if (!halls_.contains(batch.ledger)) continue;  // it lost its way meanwhile
    for (const ReplicaId& replica : hall.partnership.TakeDismissed()) {
      if (dismissed_) dismissed_(batch.ledger, hall.partnership, replica);
    }
  }
  for (const Partnership& moved : std::exchange(moved_, {})) HeadMoved(moved);
}

void Sequencer::HeadMoved(const Partnership& partnership) {
  auto hall = halls_.find(partnership.ledger);
  if (hall == halls_.end()) return;
  std::vector<Waiting> later;
  std::vector<Waiting> now;
  for (Waiting& waiting : hall->second->waiting) {
    (waiting.sequence <= partnership.head.sequence ? now : later).push_back(std::move(waiting));
  }
  hall->second->waiting = std::move(later);
  for (Waiting& waiting : now) waiting.then(absl::OkStatus());
}

}  // namespace twinning::server
