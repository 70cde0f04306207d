// The page's server as a browser meets it: real HTTP on loopback, over a real replica.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <httplib.h>

#include <future>
#include <set>
#include <thread>

#include "client/app/fields.h"
#include "tests/unit/client/served_page.h"

namespace twinning::app {
namespace {

using ::testing::HasSubstr;

using AppTest = ServedPage;

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

TEST_F(AppTest, NothingIsCompressedOnTheWayThroughLoopback) {
  httplib::Headers headers = Token();
  headers.emplace("Accept-Encoding", "gzip, deflate, br");
  for (const std::string& path : {std::string("/"), root_, root_ + "/records?kinds=activity"}) {
    auto answer = client_->Get(path, headers);
    ASSERT_TRUE(answer) << path;
    EXPECT_EQ(answer->status, 200) << path;
    EXPECT_FALSE(answer->has_header("Content-Encoding")) << path;
    EXPECT_EQ(answer->get_header_value("Content-Length"), std::to_string(answer->body.size()));
  }
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

// Until somebody does something about it: what is worked out once is worked out anew then.
TEST_F(AppTest, WhatNeedsTheTownIsCountedByKindWithTheFirstOfEach) {
  for (int i = 0; i < 4; ++i) {
    Post("/records",
         {{"kind", "activity"}, {"fields", {{"title", "Exchange " + std::to_string(i)}}}});
  }
  const auto nobody = [this] {
    for (const Json& some : Get("/needs")) {
      if (some["need"] == "nobody-responsible") return some;
    }
    return Json();
  };
  const Json before = nobody();
  EXPECT_EQ(before["count"], 5);
  ASSERT_EQ(before["first"].size(), 3u);
  const Json all = Get("/attention?need=nobody-responsible");
  ASSERT_EQ(all.size(), 5u);
  for (size_t i = 0; i < 3; ++i) EXPECT_EQ(before["first"][i], all[i]);
  EXPECT_GT(Get("/attention").size(), all.size()) << "positions are awaited too";
  EXPECT_TRUE(Get("/attention?need=nothing-of-the-kind").empty());

  const std::string done = all[0]["record"];
  Post("/records/" + done, {{"fields", {{"status", "done"}}}});
  EXPECT_EQ(nobody()["count"], 4);
  EXPECT_GT(Get("/needs?today=2399-01-01").size(), 0u);
}

TEST_F(AppTest, WhatAPageNeedsFirstIsOneAnswerOfWhatCanBeAskedForApart) {
  const auto opening = [this](const std::string& query) {
    auto answer = client_->Get(std::string(kApiRoot) + "/opening" + query, Token());
    EXPECT_EQ(answer->status, 200);
    Json json = Json::parse(answer->body);
    json["opened"].erase("event");  // syncing may be tried at any time, and is told
    json["opened"]["partnership"].erase("sync");
    return json;
  };
  const Json first = opening("");
  const Json& opened = first["opened"];
  Json partnership = Get("");
  partnership.erase("sync");
  EXPECT_EQ(opened["partnership"], partnership);
  EXPECT_EQ(opened["needs"], Get("/needs"));
  EXPECT_EQ(opened["conflicts"], Get("/conflicts"));
  ASSERT_FALSE(opened["needs"].empty());
  std::set<Json> named;
  for (const Json& some : opened["needs"]) {
    for (const Json& need : some["first"]) named.insert(need["record"]);
  }
  std::set<Json> given;
  for (const Json& one : opened["records"]) {
    EXPECT_TRUE(given.insert(one["id"]).second) << "twice";
    EXPECT_EQ(one, Get("/records/" + one["id"].get<std::string>()));
  }
  EXPECT_EQ(given, named);
  const std::string id = opened["partnership"]["id"];
  EXPECT_EQ(first["partnerships"][0]["id"], id);
  EXPECT_EQ(opening("?partnership=" + id)["opened"], opened);
  EXPECT_EQ(opening("?partnership=of-another-time")["opened"], opened) << "the first";
}

TEST_F(AppTest, WhatHappensAfterTheOpeningIsToldToWhoListensFromThere) {
  auto answer = client_->Get(std::string(kApiRoot) + "/opening", Token());
  const std::string event = Json::parse(answer->body)["opened"]["event"];
  Post("/records/" + kSeminar.hex(), {{"fields", {{"deadline", "2031-03-28"}}}});
  auto told = client_->Get(std::string(kApiRoot) + "/events?poll=1&after=" + event, Token());
  const Json news = Json::parse(told->body);
  EXPECT_EQ(news["anew"], false);
  std::vector<Json> changed;
  for (const Json& one : news["events"]) {
    if (one["name"] == "changed") changed.push_back(one["data"]["records"]);
  }
  EXPECT_EQ(changed, std::vector<Json>{{kSeminar.hex()}});
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

TEST_F(AppTest, TheFeedIsOfOneTownOrOneDayWhenThatIsAsked) {
  const std::string ben = Get("")["towns"][1]["id"];
  EXPECT_EQ(Get("/log?town=" + ben)["items"].size(), 1u);
  EXPECT_EQ(Get("/log?since=0&until=1")["items"].size(), 0u);
  EXPECT_EQ(Get("/log?since=1")["items"].size(), Get("/log")["items"].size());
  Get("/log?since=yesterday", 400);
  Get("/log?until=99999999999999999", 400);
  Get("/log?town=Exempleville", 400);
}

TEST_F(AppTest, AnyRecordIsSeenAsItWasAtAnyMoment) {
  Json all = Get("/moments");
  ASSERT_EQ(all["moments"].size(), all["head"].get<size_t>());
  EXPECT_EQ(all["moments"].back()["sequence"], all["head"]);
  EXPECT_EQ(Get("/moments?most=2")["moments"].size(), 2u);
  EXPECT_EQ(Get("/moments?before=1")["moments"][0]["sequence"], 1) << "the first: none is earlier";
  EXPECT_EQ(Get("/moments?before=9000000000000")["moments"][0]["sequence"], all["head"]);
  const std::string last = std::to_string(all["head"].get<uint64_t>());
  EXPECT_EQ(Get("/moments?sequence=" + last)["moments"][0], all["moments"].back());
  Get("/moments?sequence=0", 400);
  const std::string then = "/records/" + kSeminar.hex() + "/at?sequence=";
  EXPECT_TRUE(Get(then + "1").is_null());
  EXPECT_EQ(Get(then + last)["fields"]["title"], "Teacher seminar");
  Get(then + "99", 400);
}

TEST_F(AppTest, ABurstOfTypingIsTakenBackWhole) {
  const std::string text = "/texts/" + kSeminar.hex() + "/description/en";
  Json opened = Get(text);
  int version = 0;
  Json last;
  for (const char* word : {"Speakers ", "from ", "both "}) {
    Json splice = {{"at", 0}, {"remove", 0}, {"insert", word}};
    last = Post(text, {{"life", opened["life"]},
                       {"version", version++},
                       {"client", "page"},
                       {"splices", {splice}}});
    if (version == 2) Post("/records/" + kSeminar.hex(), {{"fields", {{"place", "Mairie"}}}});
  }
  Post("/undo", {{"change", last["change"]}, {"whole", true}});
  EXPECT_EQ(Get(text)["text"], "");
  EXPECT_EQ(Get("/records/" + kSeminar.hex())["fields"]["place"], "Mairie") << "another thing done";
  Post("/undo", {{"change", last["change"]}, {"whole", true}}, 409);
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

TEST_F(AppTest, WhereOnlyWordsWereWrittenAnEventSaysSo) {
  auto told_of = [&](const Json& fields) {
    const Json before = Json::parse(client_->Get("/api/v1/events?poll=1", Token())->body);
    Post("/records/" + kSeminar.hex(), {{"fields", fields}});
    const std::string after = "&after=" + before["id"].get<std::string>();
    const Json all = Json::parse(client_->Get("/api/v1/events?poll=1" + after, Token())->body);
    for (const Json& event : all["events"]) {
      if (event["name"] == "changed") return event["data"];
    }
    return Json();
  };
  const Json seminar = Json::array({kSeminar.hex()});
  const Json written = told_of({{"description", {{"en", "Ten teachers come."}}}});
  EXPECT_EQ(written["texts"], seminar);
  EXPECT_EQ(written["records"], Json::array());
  const Json more = told_of({{"description", {{"en", "They come."}}}, {"place", "Library"}});
  EXPECT_EQ(more["texts"], Json::array());
  EXPECT_EQ(more["records"], seminar);
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
