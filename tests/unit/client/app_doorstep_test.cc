// Who gets in at the page's port, asked over real connections byte by byte: Host x Origin x token x
// method x content type (requirements SEC-18 to SEC-21), and what every answer says about itself.
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <future>
#include <map>
#include <optional>
#include <vector>

#include "client/app/api.h"
#include "client/app/journal.h"
#include "client/app/server.h"
#include "client/app/ticket.h"
#include "tests/unit/client/served_page.h"

namespace twinning::app {
namespace {

struct Heard {
  int status = 0;                                   // 0: no answer
  std::multimap<std::string, std::string> headers;  // names in small letters
  std::string body;
};

Heard Read(const std::string& answer) {
  Heard heard;
  if (answer.size() > 12) heard.status = std::atoi(answer.substr(9, 3).c_str());
  size_t at = answer.find("\r\n");
  while (at != std::string::npos) {
    const size_t end = answer.find("\r\n", at + 2);
    if (end == std::string::npos || end == at + 2) break;
    const std::string line = answer.substr(at + 2, end - at - 2);
    const size_t colon = line.find(':');
    std::string name = line.substr(0, colon);
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return std::tolower(c); });
    heard.headers.emplace(name, line.substr(std::min(line.size(), colon + 2)));
    at = end;
  }
  const size_t body = answer.find("\r\n\r\n");
  if (body != std::string::npos) heard.body = answer.substr(body + 4);
  return heard;
}

using Header = std::optional<std::string>;

struct Request {
  std::string method = "GET";
  std::string path = "/api/v1/partnerships";
  Header host;
  Header origin;
  Header site;
  Header token;
  Header type;
  std::string more;  // lines as they are sent
  std::string body;

  std::string Bytes() const {
    std::string bytes = method + " " + path + " HTTP/1.1\r\n";
    auto add = [&](const char* name, const Header& value) {
      if (value) bytes += std::string(name) + ": " + *value + "\r\n";
    };
    add("Host", host);
    add("Origin", origin);
    add("Sec-Fetch-Site", site);
    add("X-Twinning-Token", token);
    add("Content-Type", type);
    if (method != "GET") add("Content-Length", std::to_string(body.size()));
    return bytes + more + "\r\n" + body;
  }
};

class Doorstep : public ServedPage {
 protected:
  int port() const { return std::stoi(base_.substr(base_.rfind(':') + 1)); }
  std::string At(const std::string& name) const { return name + ":" + std::to_string(port()); }
  std::string Own() const { return At("127.0.0.1"); }

  Heard Ask(const std::string& bytes) const {
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<uint16_t>(port()));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)), 0);
    EXPECT_EQ(send(fd, bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
    std::string answer;
    char buffer[4096];
    for (ssize_t got; (got = recv(fd, buffer, sizeof(buffer), 0)) > 0;) {
      answer.append(buffer, static_cast<size_t>(got));
    }
    close(fd);
    return Read(answer);
  }
  Heard Ask(const Request& request) const { return Ask(request.Bytes()); }

  Request Good() const {
    Request request;
    request.host = Own();
    request.token = token_;
    return request;
  }
};

void CheckHeaders(const Heard& heard, const std::string& about) {
  auto is = [&](const char* name, const std::string& value) {
    auto found = heard.headers.find(name);
    ASSERT_NE(found, heard.headers.end()) << name << " is not there: " << about;
    EXPECT_EQ(found->second.substr(0, value.size()), value) << about;
  };
  is("x-content-type-options", "nosniff");
  is("referrer-policy", "no-referrer");
  is("cross-origin-opener-policy", "same-origin");
  is("cross-origin-resource-policy", "same-origin");
  is("content-security-policy", "default-src 'none'");
  for (const auto& [name, value] : heard.headers) {
    EXPECT_FALSE(name.starts_with("access-control-")) << about;
    EXPECT_NE(name, "set-cookie") << about;
  }
}

// What the requirements say, in the order in which they count.
int Expected(const Request& one, bool own_host, bool own_origin, bool right_token) {
  if (!own_host || !own_origin) return 403;
  if (one.method != "GET" && one.method != "POST") return 405;
  const bool api = one.path.starts_with("/api/");
  if (one.method == "POST" && !api) return 405;
  if (one.method == "POST" && one.type != "application/json") return 415;
  if (api && !right_token) return 401;
  return one.method == "POST" ? 404 : 200;  // nothing is posted to the list of partnerships
}

TEST_F(Doorstep, OnlyThePageItselfGetsInWhateverElseIsRight) {
  struct Host {
    Header says;
    bool own;
  };
  const Host hosts[] = {
      {Own(), true},         {At("localhost"), true},         {At("[::1]"), true},
      {"127.0.0.1", false},  {At("attacker.example"), false}, {At("127.0.0.1.nip.io"), false},
      {"127.0.0.1:1", false}};
  const Header tokens[] = {std::nullopt, std::string(64, '0'), token_};
  const std::pair<std::string, Header> methods[] = {{"GET", std::nullopt},
                                                    {"POST", "application/json"},
                                                    {"POST", "application/x-www-form-urlencoded"},
                                                    {"POST", "text/plain"},
                                                    {"PUT", "application/json"},
                                                    {"DELETE", std::nullopt},
                                                    {"OPTIONS", std::nullopt}};
  int asked = 0;
  for (const Host& host : hosts) {
    const Header origins[] = {std::nullopt, "http://" + *host.says, "http://attacker.example",
                              "null"};
    for (const Header& origin : origins) {
      for (const Header& token : tokens) {
        for (const auto& [method, type] : methods) {
          for (const char* path : {"/", "/api/v1/partnerships"}) {
            Request one;
            one.method = method;
            one.path = path;
            one.host = host.says;
            one.origin = origin;
            one.token = token;
            one.type = type;
            const bool own_origin = !origin || *origin == "http://" + *host.says;
            const Heard heard = Ask(one);
            ++asked;
            ASSERT_EQ(heard.status, Expected(one, host.own, own_origin, token == token_))
                << one.Bytes();
            CheckHeaders(heard, one.Bytes());
          }
        }
      }
    }
  }
  EXPECT_EQ(asked, 7 * 4 * 3 * 7 * 2);
  EXPECT_EQ(Get("/records?kinds=activity").size(), 1u) << "nothing was written";
}

TEST_F(Doorstep, WhatABrowserSaysOfTheSenderCounts) {
  for (const char* site : {"cross-site", "same-site", "nonsense"}) {
    Request one = Good();
    one.site = site;
    EXPECT_EQ(Ask(one).status, 403) << site;
  }
  for (const char* site : {"same-origin", "none"}) {
    Request one = Good();
    one.site = site;
    EXPECT_EQ(Ask(one).status, 200) << site;
  }
}

TEST_F(Doorstep, HeadersThatAreMissingOrStandThereTwiceAreForeign) {
  Request none = Good();
  none.host = std::nullopt;
  EXPECT_EQ(Ask(none).status, 403);
  const std::vector<std::string> twice_over = {
      "Host: " + Own() + "\r\n", "Host: attacker.example\r\n", "X-Twinning-Token: x\r\n",
      "Origin: http://" + Own() + "\r\nOrigin: http://attacker.example\r\n"};
  for (const std::string& more : twice_over) {
    Request twice = Good();
    twice.more = more;
    EXPECT_EQ(Ask(twice).status, 403) << more;
  }
}

TEST_F(Doorstep, TheTokenIsTakenFromItsHeaderAndFromNowhereElse) {
  Request one = Good();
  one.token = std::nullopt;
  EXPECT_EQ(Ask(one).status, 401);
  one.path = "/api/v1/partnerships?token=" + token_;
  EXPECT_EQ(Ask(one).status, 401);
  one.more = "Cookie: X-Twinning-Token=" + token_ + "\r\nAuthorization: Bearer " + token_ + "\r\n";
  EXPECT_EQ(Ask(one).status, 401);
}

TEST_F(Doorstep, ATicketIsGivenForTheTokenOnceAndOnlyToThePageItself) {
  EXPECT_NE(ticket_, token_);
  Request one = Good();
  one.method = "POST";
  one.path = "/api/v1/token";
  one.type = "application/json";
  one.token = std::nullopt;
  auto with = [&](const std::string& ticket) {
    one.body = Json{{"ticket", ticket}}.dump();
    return Ask(one);
  };
  EXPECT_EQ(with(token_).status, 401);
  EXPECT_EQ(with("").status, 401);
  one.body = "[]";
  EXPECT_EQ(Ask(one).status, 400);
  one.origin = "http://attacker.example";
  EXPECT_EQ(with(ticket_).status, 403);
  one.origin = std::nullopt;
  const Heard given = with(ticket_);
  EXPECT_EQ(given.status, 200) << "what others tried has not used it up";
  EXPECT_EQ(Json::parse(given.body)["token"], token_);
  EXPECT_EQ(with(ticket_).status, 401);
  Request ask = Good();
  ask.token = ticket_;
  EXPECT_EQ(Ask(ask).status, 401) << "a ticket is no token";
}

TEST(Ticket, IsOfUseOnceAndSoonAfterTheStart) {
  Ticket late("secret", 1000);
  EXPECT_FALSE(late.Use("secret", 1000 + Ticket::kLifeMs));
  Ticket one("secret", 1000);
  EXPECT_FALSE(one.Use("secre", 1000));
  EXPECT_TRUE(one.Use("secret", 999 + Ticket::kLifeMs));
  EXPECT_FALSE(one.Use("secret", 1001));
}

TEST_F(Doorstep, AFormOfAnotherPageWritesNothingEvenWithEverythingElseRight) {
  Request form = Good();
  form.method = "POST";
  form.path = root_ + "/records";
  form.type = "application/x-www-form-urlencoded";
  form.body = "kind=activity";
  EXPECT_EQ(Ask(form).status, 415);
  form.type = "text/plain";
  form.body = R"({"kind": "activity", "fields": {"title": "x"}})";
  EXPECT_EQ(Ask(form).status, 415);
  EXPECT_EQ(Get("/records?kinds=activity").size(), 1u);
  form.type = "application/json";
  EXPECT_EQ(Ask(form).status, 200) << "so that the test can fail";
  EXPECT_EQ(Get("/records?kinds=activity").size(), 2u);
}

TEST_F(Doorstep, WhatFollowsOneRequestOnAConnectionIsNoOther) {
  Request turned = Good();
  turned.method = "POST";
  turned.path = root_ + "/records";
  turned.type = "text/plain";
  Request smuggled = Good();
  smuggled.method = "POST";
  smuggled.path = root_ + "/records";
  smuggled.type = "application/json";
  smuggled.body = R"({"kind": "activity", "fields": {"title": "smuggled"}})";
  turned.body = smuggled.Bytes();
  const Heard heard = Ask(turned);
  EXPECT_TRUE(heard.status == 415 || heard.status == 0);
  EXPECT_EQ(heard.body.find("HTTP/1.1"), std::string::npos);
  EXPECT_EQ(Get("/records?kinds=activity").size(), 1u);
}

TEST_F(Doorstep, WhatIsNotHttpIsAnsweredOrClosedAndTheRestGoesOn) {
  for (const std::string& bytes : {std::string("\r\n\r\n"), std::string("GET\r\n\r\n"),
                                   std::string("\x16\x03\x01\x02\x00\x01\r\n\r\n", 10),
                                   "GET /" + std::string(20'000, 'a') + " HTTP/1.1\r\n\r\n",
                                   std::string("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")}) {
    EXPECT_NE(Ask(bytes).status, 200);
  }
  EXPECT_EQ(Ask(Good()).status, 200);
}

// Another loopback address is free: the page listens on 127.0.0.1 and nowhere else.
TEST_F(Doorstep, ThePortIsOpenOnOneLoopbackAddressOnly) {
  const int fd = socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in other = {};
  other.sin_family = AF_INET;
  other.sin_port = htons(static_cast<uint16_t>(port()));
  other.sin_addr.s_addr = inet_addr("127.0.0.2");
  EXPECT_EQ(bind(fd, reinterpret_cast<sockaddr*>(&other), sizeof(other)), 0);
  close(fd);
}

// A client may be told to end before its page has begun to serve.
TEST(ServerTest, AStopThatComesBeforeItRunsCounts) {
  const Journal journal("era");
  const Api api({});
  const auto server = Server::Open(0, "token", api, journal);
  ASSERT_TRUE(server.ok());
  (*server)->Stop();
  const auto run = std::async(std::launch::async, [&] { (*server)->Run(); });
  EXPECT_EQ(run.wait_for(std::chrono::seconds(10)), std::future_status::ready);
  (*server)->Stop();
}

}  // namespace
}  // namespace twinning::app
