// Town halls that run real commands, in this process, on real replicas; the server between them is
// a ledger in memory.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <sstream>

#include "client/cli/all_commands.h"
#include "client/cli/context.h"
#include "client/desk/exit_codes.h"
#include "common/base/status.h"
#include "tests/support/temporary_folder.h"
#include "tests/unit/client/test_ledger.h"

namespace twinning::cli {

// What a command answered.
struct Ran {
  int code = 0;
  std::string out;
  std::string err;

  Json json() const { return Json::parse(out, nullptr, false); }
};

class Halls : public ::testing::Test {
 protected:
  using Words = std::vector<std::string>;

  Halls() {
    Found("ana", "Exampleton");
    Found("ben", "Exempleville");
    Sync("ana");
    Sync("ben");
  }

  std::string DirectoryOf(const std::string& person) const { return folder_ / person; }

  Ran Run(const std::string& person, const Words& words, const std::string& typed = "") {
    Words all = {"twinning", "--replica", DirectoryOf(person)};
    all.insert(all.end(), words.begin(), words.end());
    std::vector<const char*> argv;
    for (const std::string& word : all) argv.push_back(word.c_str());
    std::istringstream in(typed);
    std::ostringstream out;
    std::ostringstream err;
    Context context(in, out, err);
    CommandLine line;
    AddAll(line);
    int code = line.Run(static_cast<int>(argv.size()), argv.data(), context);
    return {code, out.str(), err.str()};
  }
  Ran ana(const Words& words, const std::string& typed = "") { return Run("ana", words, typed); }
  Ran ben(const Words& words, const std::string& typed = "") { return Run("ben", words, typed); }

  // Runs a command that must be done, with --json.
  Json Done(const std::string& person, Words words) {
    words.insert(words.begin(), "--json");
    Ran ran = Run(person, words);
    EXPECT_EQ(ran.code, 0) << ran.err;
    return ran.json();
  }

  // Makes a record and answers with its id.
  std::string Add(const std::string& person, Words words) {
    words.insert(words.begin(), "add");
    return Done(person, std::move(words)).value("id", "");
  }

  void Sync(const std::string& person) {
    auto replica = client::Replica::Open(DirectoryOf(person));
    ASSERT_TRUE(replica.ok()) << MessageOf(replica.status());
    ASSERT_TRUE(*(*replica)->LockSync());
    ledger_.Push(**replica);
    auto intake = (*replica)->ApplyEntries(ledger_.EntriesAfter((*replica)->head().sequence));
    ASSERT_TRUE(intake.ok()) << MessageOf(intake.status());
  }
  void SyncBoth() {
    Sync("ana");
    Sync("ben");
    Sync("ana");
  }

  size_t Outbox(const std::string& person) {
    return Done(person, {"status"}).value("outbox", size_t{999});
  }

  // One more person, enrolled by the operator alone.
  void Found(const std::string& person, const std::string& town) {
    auto made = client::Replica::Create(DirectoryOf(person), ledger_.Enrol(person, town),
                                        client::TestLedger::KeyOf(person));
    ASSERT_TRUE(made.ok()) << MessageOf(made.status());
  }

  TemporaryFolder folder_;
  client::TestLedger ledger_;
};

}  // namespace twinning::cli
