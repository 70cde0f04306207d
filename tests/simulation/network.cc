#include "tests/simulation/network.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

namespace twinning::simulation {
namespace {

bool MayComeTwice(const v1::ClientMessage& message) {
  return message.has_push() || message.has_progress();
}

bool Harmless(v1::CloseReason reason, bool restored) {
  bool of_recovery = reason == v1::RECOVERING || reason == v1::UNKNOWN_PARTNERSHIP ||
                     reason == v1::LEDGER_BEHIND || reason == v1::HISTORY_DIFFERS;
  // FENCED: the replica is back before its server has noticed that the last connection broke.
  return reason == v1::SHUTTING_DOWN || reason == v1::TOO_SLOW || reason == v1::FENCED ||
         (restored && of_recovery);
}

// Of what is under way the first few still arrive.
template <typename Message>
void Shorten(std::deque<Message>& messages, Random& random) {
  messages.resize(random.Below(messages.size() + 1));
}

}  // namespace

Hash PrintOf(const v1::Entry& entry) { return HashOf("print", entry.SerializeAsString()); }

// --- The client's end ----------------------------------------------------------------------------

class Network::ClientEnd : public client::Stream {
 public:
  ClientEnd(Network& network, std::shared_ptr<Line> line, Computer& computer)
      : network_(network), line_(std::move(line)), computer_(computer) {}

  ~ClientEnd() override {
    line_->listener = nullptr;
    line_->to_client.clear();
    if (!line_->broken) Shorten(line_->to_server, network_.random_);
    line_->broken = true;
  }

  void Send(v1::ClientMessage message) override {
    if (line_->client_writes) network_.complaints_.push_back("the client wrote two at a time");
    line_->client_writes = true;
    if (!computer_.Effect() || line_->broken) return;
    network_.Note(*line_, message);
    line_->to_server.push_back(std::move(message));
  }

  void ReadNext() override { line_->client_reads = true; }

 private:
  Network& network_;
  std::shared_ptr<Line> line_;
  Computer& computer_;
};

class Network::Entrance : public client::Transport {
 public:
  Entrance(Network& network, const ReplicaId& replica, Computer& computer)
      : network_(network), replica_(replica), computer_(computer) {}

  std::unique_ptr<client::Stream> Connect(client::StreamListener& listener) override {
    return network_.Connect(listener, replica_, computer_);
  }

 private:
  Network& network_;
  const ReplicaId replica_;
  Computer& computer_;
};

// --- The server's end ----------------------------------------------------------------------------

class Network::ServerEnd : public server::Outlet {
 public:
  ServerEnd(Network& network, std::shared_ptr<Line> line)
      : network_(network), line_(std::move(line)) {}

  void Send(v1::ServerMessage message) override {
    if (line_->server_writes) network_.complaints_.push_back("the server wrote two at a time");
    line_->server_writes = true;
    if (!network_.server_computer_.Effect()) return;
    network_.Note(*line_, message);
    if (!line_->broken) line_->to_client.push_back(std::move(message));
  }

  void Receive() override { line_->server_reads = true; }

  void Close(const v1::Closing& closing) override {
    const v1::CloseReason reason = closing.reason();
    line_->server_open = false;
    if (!network_.server_computer_.Effect()) return;
    if (!Harmless(reason, network_.restored_)) {
      network_.complaints_.push_back(fmt::format("the server ended a connection: {} {}",
                                                 v1::CloseReason_Name(reason), closing.detail()));
    }
    if (line_->broken) return;
    v1::ServerMessage message;
    *message.mutable_closing() = closing;
    line_->to_client.push_back(std::move(message));
    line_->to_server.clear();
    line_->broken = true;
    line_->ended = true;
  }

 private:
  Network& network_;
  std::shared_ptr<Line> line_;
};

// --- What happens --------------------------------------------------------------------------------

Network::Network(Computer& server_computer, std::function<server::Sequencer*()> server,
                 Random& random, History& history)
    : server_computer_(server_computer),
      server_(std::move(server)),
      random_(random),
      history_(history) {}

Network::~Network() = default;

std::unique_ptr<client::Transport> Network::TransportOf(const ReplicaId& replica,
                                                        Computer& computer) {
  return std::make_unique<Entrance>(*this, replica, computer);
}

std::unique_ptr<client::Stream> Network::Connect(client::StreamListener& listener,
                                                 const ReplicaId& replica, Computer& computer) {
  auto line = std::make_shared<Line>();
  line->id = ++last_id_;
  line->replica = replica;
  line->listener = &listener;
  if (server_() == nullptr || IsCut(replica)) {
    line->broken = true;
    line->server_open = false;
  }
  lines_.push_back(line);
  return std::make_unique<ClientEnd>(*this, line, computer);
}

std::vector<Network::Possible> Network::Events() const {
  std::vector<Possible> events;
  bool up = server_() != nullptr;
  for (const std::shared_ptr<Line>& line : lines_) {
    if (line->stalled) continue;
    bool client = line->listener != nullptr;
    bool server = up && line->server_open;
    if (client && line->client_reads && !line->to_client.empty()) {
      events.push_back({line, LineEvent::kToClient});
    }
    if (client && line->client_writes && !line->broken) {
      events.push_back({line, LineEvent::kClientWritten});
    }
    if (client && line->broken && line->to_client.empty()) {
      events.push_back({line, LineEvent::kClientNotices});
    }
    if (server && line->server_reads && !line->to_server.empty()) {
      events.push_back({line, LineEvent::kToServer});
    }
    if (server && line->server_writes && !line->broken) {
      events.push_back({line, LineEvent::kServerWritten});
    }
    if (server && line->broken && line->to_server.empty()) {
      events.push_back({line, LineEvent::kServerNotices});
    }
  }
  return events;
}

void Network::Happen(const Possible& possible) {
  Line& line = *possible.line;
  switch (possible.event) {
    case LineEvent::kToServer:
      DeliverToServer(possible.line);
      break;
    case LineEvent::kToClient:
      DeliverToClient(line);
      break;
    case LineEvent::kClientWritten:
      line.client_writes = false;
      line.listener->OnWritten();
      break;
    case LineEvent::kServerWritten:
      line.server_writes = false;
      server_()->Written(line.id);
      break;
    case LineEvent::kClientNotices: {
      client::StreamListener* listener = std::exchange(line.listener, nullptr);
      listener->OnClosed(line.ended ? "" : "The connection was lost.");
      break;
    }
    case LineEvent::kServerNotices:
      line.server_open = false;
      if (line.server_connected) server_()->Disconnected(line.id);
      break;
  }
  Sweep();
}

void Network::DeliverToServer(const std::shared_ptr<Line>& line) {
  server::Sequencer& server = *server_();
  if (!std::exchange(line->server_connected, true)) {
    server.Connected(line->id, std::make_shared<ServerEnd>(*this, line));
  }
  v1::ClientMessage message = line->to_server.front();
  bool again = repeat_one_in_ > 0 && MayComeTwice(message) && random_.OneIn(repeat_one_in_);
  if (!again) line->to_server.pop_front();
  line->server_reads = false;
  server.Received(line->id, message);
}

void Network::DeliverToClient(Line& line) {
  v1::ServerMessage message = std::move(line.to_client.front());
  line.to_client.pop_front();
  line.client_reads = false;
  line.listener->OnMessage(std::move(message));
}

void Network::Break(Line& line) {
  if (line.broken) return;
  line.broken = true;
  Shorten(line.to_client, random_);
  Shorten(line.to_server, random_);
}

void Network::Cut(const ReplicaId& replica) {
  cut_[replica] = true;
  for (const std::shared_ptr<Line>& line : lines_) {
    if (line->replica == replica) Break(*line);
  }
}

void Network::ServerDied() {
  for (const std::shared_ptr<Line>& line : lines_) {
    Break(*line);
    line->server_open = false;
    line->to_server.clear();
  }
  Sweep();
}

void Network::Heal() {
  cut_.clear();
  repeat_one_in_ = 0;
  for (const std::shared_ptr<Line>& line : lines_) line->stalled = false;
}

// Lines that both ends have let go of.
void Network::Sweep() {
  std::erase_if(lines_, [](const std::shared_ptr<Line>& line) {
    return line->listener == nullptr && !line->server_open;
  });
}

// --- What is seen from outside -------------------------------------------------------------------

void Network::Note(const Line& line, const v1::ServerMessage& message) {
  for (const v1::Entry& entry : message.entries().entries()) {
    EntryFact fact = FactOf(entry, false);
    history_.push_back({Seen::kSent, line.replica, 0, fact.sequence, fact.print, fact.replica,
                        fact.last, fact.change});
  }
  if (!message.has_digest()) return;
  Hash digest = Hash::Of(message.digest().digest()).value_or(Hash());
  history_.push_back({Seen::kDigest, {}, 0, message.digest().sequence(), digest});
}

void Network::Note(const Line& line, const v1::ClientMessage& message) {
  if (!message.has_progress()) return;
  const v1::Progress& progress = message.progress();
  history_.push_back({Seen::kHolds, line.replica, 0, progress.sequence(), {}});
  if (std::optional<Hash> digest = Hash::Of(progress.digest())) {
    history_.push_back({Seen::kDigest, line.replica, 0, progress.sequence(), *digest});
  }
}

}  // namespace twinning::simulation
