#include "client/app/server.h"

#include <fmt/core.h>
#include <httplib.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <utility>

#include "client/app/assets.h"
#include "client/app/guard.h"
#include "client/app/ticket.h"
#include "client/desk/around.h"
#include "common/base/status.h"

namespace twinning::app {
namespace {

using Response = httplib::Server::HandlerResponse;

constexpr char kHost[] = "127.0.0.1";
constexpr char kJson[] = "application/json";
constexpr std::string_view kNonce = "STYLE-NONCE";

std::optional<std::string_view> HeaderOf(const httplib::Request& request, const char* name,
                                         bool& repeated) {
  auto range = request.headers.equal_range(name);
  if (range.first == range.second) return std::nullopt;
  repeated = repeated || std::next(range.first) != range.second;
  return range.first->second;
}

Knock KnockOf(const httplib::Request& request) {
  Knock knock;
  auto header = [&](const char* name) { return HeaderOf(request, name, knock.repeated); };
  knock.method = request.method;
  knock.path = request.path;
  knock.host = header("Host");
  knock.origin = header("Origin");
  knock.fetch_site = header("Sec-Fetch-Site");
  knock.content_type = header("Content-Type");
  knock.transfer_encoding = header("Transfer-Encoding");
  knock.content_length = header("Content-Length");
  knock.token = header(std::string(kTokenHeader).c_str());
  return knock;
}

// Nothing from elsewhere, nothing inline but styles with this answer's nonce.
std::string PolicyWith(const std::string& nonce) {
  return fmt::format(
      "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{}'; img-src 'self' data:; "
      "font-src 'self'; connect-src 'self'; form-action 'none'; frame-ancestors 'none'; "
      "base-uri 'none'",
      nonce);
}

void AddHeaders(httplib::Response& response) {
  auto set = [&](const char* name, const char* value) {
    if (!response.has_header(name)) response.set_header(name, value);
  };
  set("X-Content-Type-Options", "nosniff");
  set("Referrer-Policy", "no-referrer");
  set("Cross-Origin-Opener-Policy", "same-origin");
  set("Cross-Origin-Resource-Policy", "same-origin");
  set("Cache-Control", "no-store");
  set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
}

// As it is: the library would compress whatever a browser takes compressed, for seconds, which over
// loopback never come back. What has a provider and a length it leaves alone.
void Give(httplib::Response& response, std::string body, const std::string& type) {
  auto kept = std::make_shared<const std::string>(std::move(body));
  response.set_content_provider(kept->size(), type,
                                [kept](size_t offset, size_t length, httplib::DataSink& sink) {
                                  return sink.write(kept->data() + offset, length);
                                });
}

void Say(httplib::Response& response, int status, std::string_view sentence) {
  response.status = status;
  Json error = {{"code", "turned-away"}, {"message", sentence}, {"reason", nullptr}};
  response.set_content(Json{{"error", std::move(error)}}.dump(), kJson);
}

void GiveIndex(const Asset& asset, httplib::Response& response) {
  const std::string nonce = desk::RandomHex(16);
  std::string page(asset.bytes);
  const size_t at = page.find(kNonce);
  if (at != std::string::npos) page.replace(at, kNonce.size(), nonce);
  response.set_header("Content-Security-Policy", PolicyWith(nonce));
  Give(response, std::move(page), std::string(asset.type));
}

void GiveFile(const httplib::Request& request, httplib::Response& response) {
  const std::string path = request.path == "/" ? "/index.html" : request.path;
  for (const Asset& asset : Assets()) {
    if (asset.path != path) continue;
    if (path == "/index.html") return GiveIndex(asset, response);
    response.set_header("Cache-Control", "max-age=31536000, immutable");
    return Give(response, std::string(asset.bytes), std::string(asset.type));
  }
  Say(response, 404, "There is nothing at this address.");
}

std::string EventLines(const Journal& journal, const Event& event) {
  return fmt::format("id: {}\nevent: {}\ndata: {}\n\n", journal.IdOf(event.number), event.name,
                     event.data);
}

int64_t SteadyMs() {
  auto now = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

// One page's stream of events, written by the library's thread.
class Stream {
 public:
  Stream(const Journal& journal, uint64_t after, bool anew)
      : journal_(journal), number_(after), anew_(anew), ends_ms_(SteadyMs() + Server::kStreamMs) {}

  bool Write(httplib::DataSink& sink) {
    std::string lines = std::exchange(greeted_, true) ? "" : Greeting();
    if (lines.empty()) {
      for (const Event& event : journal_.After(number_, Server::kBeatMs)) {
        lines += EventLines(journal_, event);
        number_ = event.number;
      }
    }
    if (lines.empty()) lines = ": still here\n\n";
    if (!sink.write(lines.data(), lines.size())) return false;
    if (journal_.closed() || SteadyMs() > ends_ms_) sink.done();
    return true;
  }

 private:
  // Where the page is, or that it must look at everything anew.
  std::string Greeting() const {
    return fmt::format("id: {}\nevent: {}\ndata: {{}}\n\n", journal_.IdOf(number_),
                       anew_ ? "anew" : "hello");
  }

  const Journal& journal_;
  uint64_t number_;
  bool anew_;
  bool greeted_ = false;
  int64_t ends_ms_;
};

}  // namespace

struct Server::State {
  State(const Api& with_api, const Journal& with_journal) : api(with_api), journal(with_journal) {}

  void GiveEvents(const httplib::Request& request, httplib::Response& response);
  void GiveEventsOnce(uint64_t after, bool anew, httplib::Response& response) const;
  void GiveAnswer(const httplib::Request& request, httplib::Response& response) const;
  void GiveToken(const httplib::Request& request, httplib::Response& response);
  void SetUp();

  const Api& api;
  const Journal& journal;
  std::unique_ptr<Guard> guard;
  Ticket ticket{desk::RandomHex(32), SteadyMs()};
  httplib::Server http;
  int port = 0;
  std::atomic<int> streams = 0;
  std::atomic<bool> running = false;
  std::atomic<bool> stopped = false;
};

void Server::State::GiveAnswer(const httplib::Request& request, httplib::Response& response) const {
  Question question{request.method, request.path, {}, request.body};
  for (const auto& [name, value] : request.params) question.query[name] = value;
  Answer answer = api.Ask(question);
  response.status = answer.status;
  Give(response, std::move(answer.body), kJson);
}

void Server::State::GiveToken(const httplib::Request& request, httplib::Response& response) {
  const Json body = Json::parse(request.body, nullptr, false);
  const bool told = body.is_object() && body.contains("ticket") && body["ticket"].is_string();
  if (!told) return Say(response, 400, "There is no ticket in this.");
  if (!ticket.Use(body["ticket"].get<std::string>(), SteadyMs())) {
    return Say(response, 401,
               "This address has been used or is too old: open the one that twinning app shows.");
  }
  Give(response, Json{{"token", guard->token()}}.dump(), kJson);
}

void Server::State::GiveEvents(const httplib::Request& request, httplib::Response& response) {
  const std::string seen = request.get_param_value("after");
  const std::optional<uint64_t> known = journal.NumberIn(seen);
  const uint64_t after = known.value_or(journal.last());
  const bool anew = !known && !seen.empty();
  if (request.get_param_value("poll") == "1") return GiveEventsOnce(after, anew, response);
  if (streams.fetch_add(1) >= kMaxStreams) {
    --streams;
    return Say(response, 429, "Too many pages are listening already.");
  }
  auto stream = std::make_shared<Stream>(journal, after, anew);
  response.set_chunked_content_provider(
      "text/event-stream",
      [stream](size_t, httplib::DataSink& sink) { return stream->Write(sink); },
      [this](bool) { --streams; });
}

void Server::State::GiveEventsOnce(uint64_t after, bool anew, httplib::Response& response) const {
  Json events = Json::array();
  for (const Event& event : journal.After(after, 0)) {
    after = event.number;
    events.push_back({{"name", event.name}, {"data", Json::parse(event.data, nullptr, false)}});
  }
  Json answer = {{"id", journal.IdOf(after)}, {"anew", anew}, {"events", std::move(events)}};
  Give(response, desk::LineOf(answer), kJson);
}

void Server::State::SetUp() {
  http.new_task_queue = [] { return new httplib::ThreadPool(kThreads); };
  // A connection that is kept holds a thread while nothing comes; and what follows a body that was
  // turned away must never be read as another request.
  http.set_keep_alive_max_count(1);
  http.set_payload_max_length(kMaxBodyBytes);
  http.set_tcp_nodelay(true);
  http.set_pre_routing_handler([this](const httplib::Request& request, auto& response) {
    std::optional<Turned> turned = guard->Judge(KnockOf(request));
    if (!turned) return Response::Unhandled;
    Say(response, turned->status, turned->why);
    return Response::Handled;
  });
  http.set_post_routing_handler([](const auto&, auto& response) { AddHeaders(response); });
  http.set_exception_handler([](const auto&, auto& response, std::exception_ptr) {
    Say(response, 500, "Something went wrong here. Everything saved is kept.");
  });
  http.Get(std::string(kApiRoot) + "/events",
           [this](const auto& request, auto& response) { GiveEvents(request, response); });
  http.Get("/api/.*",
           [this](const auto& request, auto& response) { GiveAnswer(request, response); });
  http.Post(std::string(kTokenPath),
            [this](const auto& request, auto& response) { GiveToken(request, response); });
  http.Post("/api/.*",
            [this](const auto& request, auto& response) { GiveAnswer(request, response); });
  http.Get("/.*", GiveFile);
}

absl::StatusOr<std::unique_ptr<Server>> Server::Open(int port, std::string token, const Api& api,
                                                     const Journal& journal) {
  auto state = std::make_unique<State>(api, journal);
  state->SetUp();
  // Nobody else may bind the same port beside us: the library's default would let them.
  state->http.set_socket_options([](int socket) {
    int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
  });
  if (port == 0) {
    state->port = state->http.bind_to_any_port(kHost);
  } else {
    state->port = state->http.bind_to_port(kHost, port) ? port : -1;
  }
  if (state->port <= 0) {
    return AlreadyExists(fmt::format(
        "Port {} of this computer is taken: choose another with --port, or leave it out.", port));
  }
  state->guard = std::make_unique<Guard>(state->port, std::move(token));
  return std::unique_ptr<Server>(new Server(std::move(state)));
}

Server::Server(std::unique_ptr<State> state) : state_(std::move(state)) {}

Server::~Server() { Stop(); }

int Server::port() const { return state_->port; }

std::string Server::address() const {
  return fmt::format("http://{}:{}/#token={}", kHost, state_->port, state_->guard->token());
}

std::string Server::address_for_once() const {
  return fmt::format("http://{}:{}/#ticket={}", kHost, state_->port, state_->ticket.secret());
}

void Server::Run() {
  state_->running = true;
  if (!state_->stopped) state_->http.listen_after_bind();
  state_->running = false;
}

// Either Run has begun, or it finds that this came first. The library forgets a stop that comes
// before it has begun to listen.
void Server::Stop() {
  constexpr auto kAgain = std::chrono::milliseconds(2);
  state_->stopped = true;
  while (state_->running) {
    state_->http.stop();
    std::this_thread::sleep_for(kAgain);
  }
}

}  // namespace twinning::app
