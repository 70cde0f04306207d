// The page's server as a browser meets it: real HTTP on loopback, over a real replica.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <future>
#include <thread>

#include "client/app/api.h"
#include "client/app/app.h"
#include "client/app/fields.h"
#include "client/app/guard.h"
#include "common/base/status.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/client/test_ledger.h"

namespace twinning::app {
namespace {

using client::Replica;
using client::TestLedger;
using testing::Create;
using ::testing::HasSubstr;
using testing::RecordNamed;
using testing::Write;

const RecordId kSeminar = RecordNamed("seminar");

// Ana's page, served from a replica that no server answers.
class AppTest : public ::testing::Test {
 protected:
  AppTest() {
    auto ana = ledger_.Enrol("ana", "Exampleton");
    ana.server = "127.0.0.1:9";
    ledger_.Enrol("ben", "Exempleville");
    ledger_.Write("ben",
                  {Create(kSeminar, "activity"),
                   Write(kSeminar, "activity", "title", merge::StringValue("Teacher seminar"))});
    auto made = Replica::Create(folder_ / "ana", ana, TestLedger::KeyOf("ana"));
    EXPECT_TRUE(made.ok()) << MessageOf(made.status());
    EXPECT_TRUE(*(*made)->LockSync());
    EXPECT_TRUE((*made)->ApplyEntries(ledger_.EntriesAfter(0)).ok());
    root_ = std::string(kApiRoot) + "/partnerships/" + ana.ledger.hex();
    Start();
  }
  ~AppTest() override {
    stop_.request_stop();
    serving_.join();
  }

  void Start() {
    std::promise<std::string> address;
    AppOptions options;
    options.replicas = {folder_ / "ana"};
    options.stop = stop_.get_token();
    options.ready = [&](const std::string& ready) {
      address.set_value(ready);
      return absl::OkStatus();
    };
    serving_ = std::thread([options] { EXPECT_TRUE(Serve(options).ok()); });
    const std::string given = address.get_future().get();
    const size_t fragment = given.find("/#token=");
    token_ = given.substr(fragment + 8);
    base_ = given.substr(0, fragment);
    client_ = std::make_unique<httplib::Client>(base_);
  }

  httplib::Headers Token() const { return {{std::string(kTokenHeader), token_}}; }
  Json Get(const std::string& path, int status = 200) {
    auto answer = client_->Get(root_ + path, Token());
    EXPECT_TRUE(answer);
    EXPECT_EQ(answer->status, status) << answer->body;
    return Json::parse(answer->body, nullptr, false);
  }
  Json Post(const std::string& path, const Json& body, int status = 200) {
    auto answer = client_->Post(root_ + path, Token(), body.dump(), "application/json");
    EXPECT_TRUE(answer);
    EXPECT_EQ(answer->status, status) << answer->body;
    return Json::parse(answer->body, nullptr, false);
  }

  TestLedger ledger_;
  TemporaryFolder folder_;
  std::stop_source stop_;
  std::thread serving_;
  std::string token_;
  std::string base_;
  std::string root_;
  std::unique_ptr<httplib::Client> client_;
};

TEST_F(AppTest, ThePageIsServedWithAPolicyThatLetsNothingElseIn) {
  auto page = client_->Get("/");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->status, 200);
  const std::string policy = page->get_header_value("Content-Security-Policy");
  EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
  EXPECT_THAT(policy, HasSubstr("form-action 'none'"));
  EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
  EXPECT_EQ(policy.find("unsafe"), std::string::npos);
  EXPECT_EQ(page->get_header_value("X-Content-Type-Options"), "nosniff");
  EXPECT_FALSE(page->has_header("Access-Control-Allow-Origin"));
  const std::string link = "src=\"";
  const size_t script = page->body.find(link) + link.size();
  const std::string path = page->body.substr(script, page->body.find('"', script) - script);
  auto code = client_->Get(path);
  EXPECT_EQ(code->status, 200) << path;
  EXPECT_THAT(code->get_header_value("Content-Type"), HasSubstr("text/javascript"));
  auto again = client_->Get("/");
  EXPECT_NE(again->get_header_value("Content-Security-Policy"), policy) << "the nonce is reused";
}

TEST_F(AppTest, WhoIsForeignIsTurnedAwayFromFilesAndApiAlike) {
  for (const char* path : {"/", "/api/v1/partnerships", "/nothing/here"}) {
    httplib::Headers headers = Token();
    headers.emplace("Host", "attacker.example");
    auto answer = client_->Get(path, headers);
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->status, 403) << path;
    EXPECT_EQ(answer->get_header_value("X-Content-Type-Options"), "nosniff");
    httplib::Headers origin = Token();
    origin.emplace("Origin", "http://attacker.example");
    EXPECT_EQ(client_->Get(path, origin)->status, 403) << path;
  }
  EXPECT_EQ(client_->Get("/api/v1/partnerships")->status, 401);
}

TEST_F(AppTest, FormsAndBodiesOfUnknownLengthAreTurnedAway) {
  // The answer comes before the body is read, so that who is still sending may not hear it.
  auto turned_away = [](const httplib::Result& answer, int status) {
    return !answer || answer->status == status;
  };
  auto form = client_->Post(root_ + "/records", Token(), "kind=activity",
                            "application/x-www-form-urlencoded");
  EXPECT_TRUE(turned_away(form, 415));
  auto chunked = client_->Post(
      root_ + "/records", Token(),
      [](size_t, httplib::DataSink& sink) {
        sink.write("{}", 2);
        sink.done();
        return true;
      },
      "application/json");
  EXPECT_TRUE(turned_away(chunked, 411));
  auto large = client_->Post(root_ + "/records", Token(), std::string(kMaxBodyBytes + 1, ' '),
                             "application/json");
  EXPECT_TRUE(turned_away(large, 413));
  EXPECT_EQ(Get("/records?kinds=activity").size(), 1u) << "only the one that was there";
}

TEST_F(AppTest, ARecordIsMadeChangedDeletedAndTakenBack) {
  Json made = Post("/records", {{"kind", "activity"},
                                {"fields",
                                 {{"title", "Sports day"},
                                  {"window", {{"from", "2031-06-21"}, {"to", "2031-06-22"}}},
                                  {"tags", {"sport", "youth"}}}}});
  const std::string path = "/records/" + made["id"].get<std::string>();
  Json record = Get(path);
  EXPECT_EQ(record["fields"]["window"]["to"], "2031-06-22");
  EXPECT_EQ(record["fields"]["tags"], Json({"sport", "youth"}));
  EXPECT_EQ(record["writable"], true);

  Json change =
      Post(path,
           {{"fields",
             {{"deadline", "2031-06-01"}, {"tags", {{"add", {"music"}}, {"remove", {"youth"}}}}}}});
  EXPECT_EQ(Get(path)["fields"]["tags"], Json({"music", "sport"}));
  Post("/undo", {{"change", change["change"]}});
  EXPECT_FALSE(Get(path)["fields"].contains("deadline"));

  Post(path + "/delete", Json::object());
  EXPECT_EQ(Get(path)["deleted"], true);
  Json refused = Post(path, {{"fields", {{"title", "x"}}}}, 409);
  EXPECT_EQ(refused["error"]["reason"], "DELETED");
  Post(path + "/restore", Json::object());
  EXPECT_EQ(Get(path)["deleted"], false);
}

TEST_F(AppTest, WhatWasReadMayBeSentBack) {
  Json made = Post("/records", {{"kind", "fund"},
                                {"fields",
                                 {{"programme", "Comenius"},
                                  {"requested", {{"amount", "12000.00"}, {"currency", "EUR"}}},
                                  {"status", "submitted"},
                                  {"partner_roles", {{"fr", "Chef de file."}}}}}});
  const std::string path = "/records/" + made["id"].get<std::string>();
  Json answer = Post(path, {{"fields", Get(path)["fields"]}});
  EXPECT_TRUE(answer["change"].is_null()) << "nothing was different";
}

TEST_F(AppTest, BadInputIsAnsweredInASentenceAndChangesNothing) {
  EXPECT_EQ(Post("/records", {{"kind", "activity"}}, 400)["error"]["code"], "bad-input");
  EXPECT_EQ(Post("/records", {{"kind", "nonsense"}}, 400)["error"]["code"], "bad-input");
  const std::string path = "/records/" + kSeminar.hex();
  for (const Json& fields : {Json{{"deadline", "31 March"}}, Json{{"deadline", {{"x", 1}}}},
                             Json{{"tags", 5}}, Json{{"no_such_field", "x"}}, Json::array()}) {
    Post(path, {{"fields", fields}}, 400);
  }
  auto broken = client_->Post(root_ + path, Token(), "{\"fields\":", "application/json");
  EXPECT_EQ(broken->status, 400);
  auto deep = client_->Post(root_ + path, Token(), std::string(100, '['), "application/json");
  EXPECT_EQ(deep->status, 400);
  EXPECT_EQ(client_->Get("/api/v1/partnerships/00/status", Token())->status, 404);
  Get("/records/zz", 400);
}

TEST_F(AppTest, ThePastIsToldLatestFirstAndComparedWithNow) {
  Post("/records/" + kSeminar.hex(), {{"fields", {{"deadline", "2031-03-28"}}}});
  Json log = Get("/log?limit=2");
  ASSERT_EQ(log["items"].size(), 3u) << "the outbox, then two entries";
  EXPECT_TRUE(log["items"][0]["sequence"].is_null());
  EXPECT_EQ(log["items"][0]["changes"][0]["fields"][0]["after_value"], "2031-03-28");
  EXPECT_EQ(log["more"], true);
  Json others = Get("/log?others=1");
  ASSERT_EQ(others["items"].size(), 1u);
  EXPECT_EQ(others["items"][0]["author"], "ben");
  Json then = Get("/at?kind=activity&sequence=1");
  EXPECT_TRUE(then.empty());
  Json difference = Get("/compare?from=1&record=" + kSeminar.hex());
  EXPECT_EQ(difference[0]["title"], "Teacher seminar");
}

TEST_F(AppTest, EventsComeAsTheyHappenAndGoOnWhereAPageWas) {
  Json before = Json::parse(client_->Get("/api/v1/events?poll=1", Token())->body);
  Post("/records/" + kSeminar.hex(), {{"fields", {{"place", "Mairie"}}}});
  const std::string after = "&after=" + before["id"].get<std::string>();
  Json events = Json::parse(client_->Get("/api/v1/events?poll=1" + after, Token())->body);
  EXPECT_EQ(events["anew"], false);
  bool told = false;
  for (const Json& event : events["events"]) {
    told = told || (event["name"] == "changed" && event["data"]["records"][0] == kSeminar.hex());
  }
  EXPECT_TRUE(told) << events;
  Json lost = Json::parse(client_->Get("/api/v1/events?poll=1&after=other-1", Token())->body);
  EXPECT_EQ(lost["anew"], true);
}

TEST_F(AppTest, OnlySoManyStreamsAreHeldAndTheRestGoesOn) {
  std::vector<std::thread> pages;
  std::atomic<int> listening = 0;
  std::promise<void> all;
  std::promise<void> enough;
  std::shared_future<void> end(enough.get_future());
  for (int i = 0; i < 4; ++i) {
    pages.emplace_back([&] {
      httplib::Client page(base_);
      page.Get("/api/v1/events", Token(), [&](const char*, size_t) {
        if (++listening == 4) all.set_value();
        end.wait();
        return false;
      });
    });
  }
  all.get_future().wait();
  EXPECT_EQ(client_->Get("/api/v1/events", Token())->status, 429);
  EXPECT_EQ(client_->Get("/api/v1/partnerships", Token())->status, 200);
  enough.set_value();
  for (std::thread& page : pages) page.join();
}

TEST_F(AppTest, TheDescriptionNamesEveryAddressAndKind) {
  Json description = Json::parse(client_->Get("/api/v1/openapi.json", Token())->body);
  EXPECT_EQ(description["openapi"], "3.1.0");
  EXPECT_TRUE(description["paths"].contains(
      "/api/v1/partnerships/{partnership}/texts/{record}/{field}/{language}"));
  EXPECT_TRUE(description["components"]["schemas"]["activity"]["properties"].contains("window"));
}

TEST(Match, BindsWhatTheBracesStandFor) {
  auto parts = Match("/records/{record}/agree", "/records/ab/agree");
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->at("record"), "ab");
  EXPECT_TRUE(Match("", ""));
  for (const char* other :
       {"/records", "/records/", "/records//agree", "/records/ab/agree/x", "/x/ab/agree"}) {
    EXPECT_FALSE(Match("/records/{record}/agree", other)) << other;
  }
}

}  // namespace
}  // namespace twinning::app
