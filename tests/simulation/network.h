// The connections between replicas and their server, in memory. Within one connection messages keep
// their order; between two there is none. Nothing happens by itself: whoever plays the world asks
// which events are possible and makes one of them happen.
//
//   break     what is under way arrives up to a point or not at all; each end notices by itself, in
//             any order, so that one may live on for a while without the other
//   stall     nothing arrives until it ends
//   repeat    a push or a progress report arrives a second time, which the protocol allows
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "client/rpc/transport.h"
#include "server/sequencer/outlet.h"
#include "server/sequencer/sequencer.h"
#include "tests/simulation/computer.h"
#include "tests/simulation/history.h"
#include "tests/simulation/random.h"

namespace twinning::simulation {

struct Line {
  sync::SessionId id = 0;
  ReplicaId replica;
  bool stalled = false;
  bool refused = false;  // it never came to be

  client::StreamListener* listener = nullptr;  // null: the client's end is gone
  bool client_reads = false;
  bool client_writes = false;  // something is under way that it will be told of
  std::deque<v1::ServerMessage> to_client;

  bool server_open = true;        // the server has not let go of it
  bool server_connected = false;  // and has heard of it
  bool server_reads = true;
  bool server_writes = false;
  std::deque<v1::ClientMessage> to_server;

  bool broken = false;  // nothing more gets in
  bool ended = false;   // the server ended it in good order
};

// What can happen on a line.
enum class LineEvent {
  kToServer,
  kToClient,
  kClientWritten,
  kServerWritten,
  kClientNotices,
  kServerNotices,
};

class Network {
 public:
  // `server` is asked whenever a message arrives; null while it is down. All must outlive it.
  Network(Computer& server_computer, std::function<server::Sequencer*()> server, Random& random,
          History& history);
  ~Network();

  // How `replica`, whose computer this is, reaches the server.
  std::unique_ptr<client::Transport> TransportOf(const ReplicaId& replica, Computer& computer);

  struct Possible {
    std::shared_ptr<Line> line;
    LineEvent event;
  };
  std::vector<Possible> Events() const;
  void Happen(const Possible& possible);

  const std::vector<std::shared_ptr<Line>>& lines() const { return lines_; }
  void Break(Line& line);
  // Everything of this replica breaks, and it reaches nobody until it is back.
  void Cut(const ReplicaId& replica);
  void Mend(const ReplicaId& replica) { cut_.erase(replica); }
  bool IsCut(const ReplicaId& replica) const { return cut_.contains(replica); }
  // The server's process is gone.
  void ServerDied();
  // It comes back with less than it had.
  void ServerWasPutBack() { restored_ = true; }
  // No cuts, no stalls.
  void Heal();
  // One in so many pushes and reports arrives twice; 0: none.
  void RepeatOneIn(size_t n) { repeat_one_in_ = n; }

  // Reasons for which the server ended a connection that no fault of this network explains.
  const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  class ClientEnd;
  class Entrance;
  class ServerEnd;

  std::unique_ptr<client::Stream> Connect(client::StreamListener& listener,
                                          const ReplicaId& replica, Computer& computer);
  void DeliverToServer(const std::shared_ptr<Line>& line);
  void DeliverToClient(Line& line);
  void Note(const Line& line, const v1::ServerMessage& message);
  void Note(const Line& line, const v1::ClientMessage& message);
  void Sweep();

  Computer& server_computer_;
  const std::function<server::Sequencer*()> server_;
  Random& random_;
  History& history_;
  sync::SessionId last_id_ = 0;
  std::vector<std::shared_ptr<Line>> lines_;
  std::map<ReplicaId, bool> cut_;
  size_t repeat_one_in_ = 0;
  bool restored_ = false;
  std::vector<std::string> complaints_;
};

// A hash over all of an entry.
Hash PrintOf(const v1::Entry& entry);

}  // namespace twinning::simulation
