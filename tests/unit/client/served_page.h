// Ana's page, served on loopback from a replica that no server answers: an activity that Ben wrote.
#pragma once

#include <gtest/gtest.h>
#include <httplib.h>

#include <future>
#include <memory>
#include <stop_token>
#include <string>
#include <thread>

#include "client/app/api.h"
#include "client/app/app.h"
#include "client/app/guard.h"
#include "common/base/status.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/client/test_ledger.h"

namespace twinning::app {

using client::Replica;
using client::TestLedger;
using testing::Create;
using testing::RecordNamed;
using testing::Write;

inline const RecordId kSeminar = RecordNamed("seminar");

class ServedPage : public ::testing::Test {
 protected:
  ServedPage() {
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
  ~ServedPage() override {
    stop_.request_stop();
    serving_.join();
  }

  void Start() {
    std::promise<Opened> opened;
    AppOptions options;
    options.replicas = {folder_ / "ana"};
    options.stop = stop_.get_token();
    options.ready = [&](const Opened& ready) {
      opened.set_value(ready);
      return absl::OkStatus();
    };
    serving_ = std::thread([options] { EXPECT_TRUE(Serve(options).ok()); });
    const auto [given, for_once] = opened.get_future().get();
    ticket_ = for_once.substr(for_once.find('=') + 1);
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
  std::string ticket_;  // of the address that opens the page once
  std::string base_;
  std::string root_;
  std::unique_ptr<httplib::Client> client_;
};

}  // namespace twinning::app
