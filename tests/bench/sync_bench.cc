// How long changes that one town wrote offline take to reach another, connected one: over real
// gRPC, durable at both, frames signed. Beside it, in the same run, what bare SQLite and bare gRPC
// take for the same bytes; and how long a replica of that size takes to open; and how long one edit
// of a long text takes to arrive. Figures only; nothing here is tested but that it runs.
//
//   twinning-bench-sync [--changes 10000] [--rounds 5] [--edits 100000] [--json]
#include <SQLiteCpp/SQLiteCpp.h>
#include <fmt/core.h>
#include <grpcpp/grpcpp.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <nlohmann/json.hpp>
#include <thread>

#include "client/engine/join.h"
#include "client/engine/sync.h"
#include "common/base/status.h"
#include "common/ledger/limits.h"
#include "common/sqlite/database.h"
#include "server/house.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/world.h"
#include "twinning/v1/admin.grpc.pb.h"
#include "twinning/v1/sync.grpc.pb.h"

namespace twinning::bench {
namespace {

namespace files = std::filesystem;
using client::Replica;
using Clock = std::chrono::steady_clock;

constexpr int64_t kTime = 1932473100000;
constexpr char kPartnership[] = "Link with France";

double MsSince(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

double Median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

template <typename T>
T Must(absl::StatusOr<T> value) {
  if (value.ok()) return *std::move(value);
  std::cerr << MessageOf(value.status()) << "\n";
  std::exit(1);
}

// A server and two town halls in one folder.
class Site {
 public:
  explicit Site(std::string folder) : folder_(std::move(folder)) {}

  void Serve(const std::string& listen) {
    server::House::Settings settings;
    settings.changes_per_second = 0;
    settings.data = folder_ + "/server";
    settings.listen = listen;
    house_ = Must(server::House::Open(settings));
  }
  std::string address() const { return house_->address(); }
  void Stop() { house_.reset(); }

  std::unique_ptr<v1::Admin::Stub> Admin() const {
    return v1::Admin::NewStub(grpc::CreateChannel("unix:" + folder_ + "/server/admin.sock",
                                                  grpc::InsecureChannelCredentials()));
  }

  void Found() const {
    v1::CreatePartnershipRequest request;
    request.set_name(kPartnership);
    v1::PartnershipInfo info;
    grpc::ClientContext context;
    Admin()->CreatePartnership(&context, request, &info);
  }

  std::unique_ptr<Replica> Join(const std::string& person, const std::string& town) const {
    v1::InviteRequest request;
    request.set_partnership(kPartnership);
    request.set_town(town);
    v1::InviteResponse response;
    grpc::ClientContext context;
    Admin()->Invite(&context, request, &response);
    client::JoinRequest join;
    join.code = response.code();
    join.directory = folder_ + "/" + person;
    join.member = person;
    return Must(client::Join(join));
  }

  std::unique_ptr<Replica> Open(const std::string& person) const {
    return Must(Replica::Open(folder_ + "/" + person));
  }

 private:
  std::string folder_;
  std::unique_ptr<server::House> house_;
};

// A replica that stays connected, and says when it has made an entry durable.
class Listener {
 public:
  explicit Listener(std::unique_ptr<Replica> replica) : replica_(std::move(replica)) {
    client::SyncOptions options;
    options.stop = stop_.get_token();
    options.on_progress = [this](const client::Progress& progress) {
      std::lock_guard lock(mutex_);
      sequence_ = progress.sequence;
      connected_ = connected_ || progress.stage == client::Progress::kDone;
      changed_.notify_all();
    };
    thread_ = std::thread([this, options] {
      if (absl::Status status = client::SyncLoop(*replica_, options); !status.ok()) {
        std::cerr << MessageOf(status) << "\n";
      }
    });
  }
  ~Listener() {
    stop_.request_stop();
    thread_.join();
  }

  void WaitConnected() {
    Wait([this] { return connected_; });
  }
  void WaitFor(Sequence sequence) {
    Wait([&] { return sequence_ >= sequence; });
  }

 private:
  void Wait(const std::function<bool()>& reached) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, reached);
  }

  std::unique_ptr<Replica> replica_;
  std::stop_source stop_;
  std::mutex mutex_;
  std::condition_variable changed_;
  Sequence sequence_ = 0;
  bool connected_ = false;
  std::thread thread_;
};

void Save(Replica& replica, std::vector<v1::Edit> edits) {
  auto saved = Must(replica.Write(
      [&](const plan::Plan&) -> absl::StatusOr<Replica::Draft> {
        Replica::Draft draft;
        draft.edits = edits;
        return draft;
      },
      kTime));
  if (saved.refusal) {
    std::cerr << saved.refusal->detail << "\n";
    std::exit(1);
  }
}

std::vector<v1::Edit> NewActivity(int number) {
  RecordId record = testing::RecordNamed(fmt::format("activity {}", number));
  return {testing::Create(record, "activity"),
          testing::Write(record, "activity", "title",
                         merge::StringValue(fmt::format("Activity {}", number)))};
}

// Bodies of the ledger's entries, as both ceilings take them.
std::vector<std::string> BodiesOf(const Replica& replica) {
  std::vector<std::string> bodies;
  Sequence head = replica.confirmed().head().sequence;
  auto status = replica.entries().Read(0, head, [&](const v1::Entry& entry) {
    if (entry.kind() == v1::CHANGE) bodies.push_back(entry.body());
    return absl::OkStatus();
  });
  if (!status.ok()) std::exit(1);
  return bodies;
}

// The same rows in as few transactions as the frames make: WAL, synchronous=FULL.
double BareSqlite(const std::string& folder, const std::vector<std::string>& bodies) {
  sqlite::Format format{"the bench's file", 0x62656e63, {"CREATE TABLE log(body BLOB)"}};
  sqlite::Options options;
  options.create = true;
  files::remove(folder + "/bare.db");
  auto database = Must(sqlite::Database::Open(folder + "/bare.db", format, options));
  Clock::time_point begin = Clock::now();
  for (size_t at = 0; at < bodies.size();) {
    auto status = database->Write([&] {
      SQLite::Statement insert(database->connection(), "INSERT INTO log VALUES (?)");
      for (size_t end = std::min(at + 1000, bodies.size()); at < end; ++at) {
        insert.bindNoCopy(1, bodies[at].data(), static_cast<int>(bodies[at].size()));
        insert.exec();
        insert.reset();
      }
      return absl::OkStatus();
    });
    if (!status.ok()) std::exit(1);
  }
  return MsSince(begin);
}

// Sends every frame back at once, as entries.
class Echo final : public v1::Sync::Service {
  grpc::Status Connect(
      grpc::ServerContext*,
      grpc::ServerReaderWriter<v1::ServerMessage, v1::ClientMessage>* stream) override {
    v1::ClientMessage pushed;
    while (stream->Read(&pushed)) {
      v1::ServerMessage answer;
      for (v1::AuthoredChange& change : *pushed.mutable_push()->mutable_changes()) {
        answer.mutable_entries()->add_entries()->set_body(std::move(*change.mutable_change()));
      }
      stream->Write(answer);
    }
    return grpc::Status::OK;
  }
};

double BareGrpc(const std::vector<std::string>& bodies) {
  Echo echo;
  int port = 0;
  grpc::ServerBuilder builder;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&echo);
  auto server = builder.BuildAndStart();
  auto stub = v1::Sync::NewStub(
      grpc::CreateChannel(fmt::format("127.0.0.1:{}", port), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  auto stream = stub->Connect(&context);
  Clock::time_point begin = Clock::now();
  std::thread writer([&] {
    v1::ClientMessage message;
    for (size_t at = 0; at < bodies.size(); ++at) {
      message.mutable_push()->add_changes()->set_change(bodies[at]);
      if ((at + 1) % 1000 != 0 && at + 1 < bodies.size()) continue;
      stream->Write(message);
      message.Clear();
    }
    stream->WritesDone();
  });
  v1::ServerMessage answer;
  size_t received = 0;
  while (stream->Read(&answer)) received += static_cast<size_t>(answer.entries().entries_size());
  writer.join();
  double ms = MsSince(begin);
  if (!stream->Finish().ok() || received != bodies.size()) std::exit(1);
  return ms;
}

struct Figures {
  std::vector<double> arrive, open, sqlite, grpc, edit;
};

// Ana writes everything once; each round begins from a copy of that moment.
void Offline(int changes, int rounds, Figures& figures) {
  TemporaryFolder prepared;
  Site site(prepared.path());
  site.Serve("127.0.0.1:0");
  std::string address = site.address();
  site.Found();
  { site.Join("ben", "Exempleville"); }
  {
    auto ana = site.Join("ana", "Exampleton");
    for (int i = 0; i < changes; ++i) Save(*ana, NewActivity(i));
  }
  site.Stop();
  for (int round = 0; round < rounds; ++round) {
    TemporaryFolder folder;
    files::copy(prepared.path(), folder.path(),
                files::copy_options::recursive | files::copy_options::overwrite_existing);
    Site copy(folder.path());
    copy.Serve(address);
    auto ana = copy.Open("ana");
    {
      Listener ben(copy.Open("ben"));
      ben.WaitConnected();
      Sequence last = ana->confirmed().head().sequence + static_cast<Sequence>(changes);
      Clock::time_point begin = Clock::now();
      std::thread pusher([&] { Must(client::SyncOnce(*ana, {})); });
      ben.WaitFor(last);
      figures.arrive.push_back(MsSince(begin));
      pusher.join();
    }
    Clock::time_point begin = Clock::now();
    auto ben = copy.Open("ben");
    size_t records = ben->view().records().size();
    figures.open.push_back(MsSince(begin));
    if (records < static_cast<size_t>(changes)) std::exit(1);
    std::vector<std::string> bodies = BodiesOf(*ana);
    figures.sqlite.push_back(BareSqlite(folder.path(), bodies));
    figures.grpc.push_back(BareGrpc(bodies));
  }
}

// An objective with a long history; then single edits, from saved at ana to durable at ben.
void LongText(int edits, Figures& figures) {
  TemporaryFolder folder;
  Site site(folder.path());
  site.Serve("127.0.0.1:0");
  site.Found();
  auto ana = site.Join("ana", "Exampleton");
  RecordId record = testing::RecordNamed("long");
  Save(*ana, {testing::Create(record, "objective"),
              testing::Write(record, "objective", "title", merge::StringValue("Long"))});
  constexpr int kPerChange = 500;
  for (int done = 0; done < edits; done += kPerChange) {
    std::vector<text::Splice> splices;
    for (int i = 0; i < kPerChange; ++i) {
      bool corrects = i % 5 == 4;
      splices.push_back({(done + i) / 3, corrects ? 1 : 0, corrects ? "" : "a"});
    }
    Save(*ana, {testing::Splice(record, "objective", "statement", "en", std::move(splices))});
  }
  Must(client::SyncOnce(*ana, {}));
  Listener ben(site.Join("ben", "Exempleville"));
  ben.WaitConnected();
  Listener sender(site.Open("ana"));
  sender.WaitConnected();
  for (int i = 0; i < 200; ++i) {
    Sequence next = ana->confirmed().head().sequence + 1;
    Clock::time_point begin = Clock::now();
    Save(*ana, {testing::Splice(record, "objective", "statement", "en", {{i, 0, "b"}})});
    ben.WaitFor(next);
    figures.edit.push_back(MsSince(begin));
    sender.WaitFor(next);
    if (!ana->Refresh().ok()) std::exit(1);
  }
  std::sort(figures.edit.begin(), figures.edit.end());
}

nlohmann::ordered_json JsonOf(const Figures& figures, int changes) {
  double arrive = Median(figures.arrive);
  double sqlite = Median(figures.sqlite);
  double grpc = Median(figures.grpc);
  return {{"changes", changes},
          {"arrive_ms", arrive},
          {"changes_per_second", changes / arrive * 1000},
          {"bare_sqlite_ms", sqlite},
          {"bare_grpc_ms", grpc},
          {"times_bare_sqlite", arrive / sqlite},
          {"times_bare_grpc", arrive / grpc},
          {"open_ms", Median(figures.open)},
          {"long_text_edit_p50_ms", figures.edit[figures.edit.size() / 2]},
          {"long_text_edit_p99_ms", figures.edit[figures.edit.size() * 99 / 100]}};
}

void Print(const Figures& figures, int changes, int edits) {
  double arrive = Median(figures.arrive);
  auto row = [](std::string_view what, double ms, double per_second) {
    fmt::print("{:<58}{:>10.1f} ms{:>12.0f}/s\n", what, ms, per_second);
  };
  auto rate = [&](double ms) { return changes / ms * 1000; };
  row(fmt::format("{} changes, from the push to the other's last commit", changes), arrive,
      rate(arrive));
  row("  bare SQLite, the same bytes once", Median(figures.sqlite), rate(Median(figures.sqlite)));
  row("  bare gRPC, the same bytes there and back", Median(figures.grpc),
      rate(Median(figures.grpc)));
  fmt::print("{:<58}{:>10.1f} ms\n", fmt::format("opening a replica of {} records", changes),
             Median(figures.open));
  fmt::print("{:<58}{:>10.1f} ms p50 {:>8.1f} ms p99\n",
             fmt::format("one edit in a text of {} edits, saved to arrived", edits),
             figures.edit[figures.edit.size() / 2], figures.edit[figures.edit.size() * 99 / 100]);
}

int Main(int argc, char** argv) {
  int changes = 10000;
  int rounds = 5;
  int edits = 100000;
  bool json = false;
  CLI::App app("How fast changes reach the other town.");
  app.add_option("--changes", changes, "written offline")->check(CLI::Range(1, 1000000));
  app.add_option("--rounds", rounds, "medians are over these")->check(CLI::Range(1, 100));
  app.add_option("--edits", edits, "in the history of the long text")
      ->check(CLI::Range(1, 10000000));
  app.add_flag("--json", json, "print JSON");
  CLI11_PARSE(app, argc, argv);
  Figures figures;
  Offline(changes, rounds, figures);
  LongText(edits, figures);
  if (json) {
    std::cout << JsonOf(figures, changes).dump(2) << "\n";
  } else {
    Print(figures, changes, edits);
  }
  return 0;
}

}  // namespace
}  // namespace twinning::bench

int main(int argc, char** argv) { return twinning::bench::Main(argc, argv); }
