// Who syncs first changes only which candidate is shown: people write apart, and every order of
// syncing comes to the same candidates, elements, texts and open conflicts.
#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <functional>
#include <random>
#include <sstream>

#include "common/plan/conflicts.h"
#include "tests/support/world.h"

namespace twinning::plan {
namespace {

using namespace twinning::testing;  // NOLINT: the tests' own words

using Order = std::array<const char*, 3>;
constexpr Order kCast = {"amy", "ana", "ben"};

struct Target {
  RecordId id;
  const char* kind;
  const char* text;
};

const std::array<Target, 2> kRecords = {{
    {RecordNamed("objective"), "objective", "statement"},
    {RecordNamed("activity"), "activity", "description"},
}};

// One partnership up to where everybody has synced, then one round apart.
class Round {
 public:
  explicit Round(unsigned seed)
      : seed_(seed),
        world_({{"ana", "Exampleton"}, {"amy", "Exampleton"}, {"ben", "Exempleville"}}) {
    for (const Target& target : kRecords) {
      world_["ana"].Write({Create(target.id, target.kind),
                           testing::Write(target.id, target.kind, "title", Word(0)),
                           Splice(target.id, target.kind, target.text, "en",
                                  {{0, 0, "One two three. Four five six. Seven eight. "}})});
    }
    world_.SyncAll();
    for (unsigned before = seed % 3; before > 0; --before) {
      for (const char* name : kCast) WriteSome(name, before);
      world_.SyncAll();
    }
    divergences_ = 0;
    for (const char* name : kCast) WriteSome(name, 0);
  }

  void Sync(const Order& order) {
    for (const char* name : order) world_.Sync(name);
    world_.SyncAll();
  }

  // Rights are judged in ledger order, and of two who let the same record diverge the first decides
  // what the branches begin with.
  bool depends_on_order() {
    return divergences_ > 1 || std::any_of(kCast.begin(), kCast.end(), [&](const char* name) {
             return !world_.Refused(name).empty();
           });
  }

  std::string Tell() const {
    std::ostringstream told;
    world_.server().records().ForEach([&](const merge::Record& record) {
      const merge::Kind* kind = world_.server().KindOf(record);
      told << kind->name << " " << record.id.hex().substr(0, 8)
           << (record.existence.deleted() ? " deleted" : "")
           << (world_.server().Visible(record) ? "\n" : " hidden\n");
      if (!record.diverged) TellFields(*kind, record, told);
      TellConflicts(record, told);
    });
    return told.str();
  }

 private:
  static merge::Value Word(unsigned which) {
    return merge::StringValue(std::string(1, static_cast<char>('a' + which)));
  }

  void WriteSome(const char* name, unsigned round) {
    random_.seed(seed_ * 1000 + round * 10 + static_cast<unsigned>(name[1]));
    for (unsigned steps = 1 + Below(4); steps > 0; --steps) WriteOne(world_[name]);
  }

  unsigned Below(unsigned bound) { return static_cast<unsigned>(random_() % bound); }

  void WriteOne(Person& person) {
    const Target& target = kRecords[Below(2)];
    const auto& [id, kind, text] = target;
    switch (Below(8)) {
      case 0:
        person.Write({testing::Write(id, kind, "title", Word(Below(4)))});
        break;
      case 1:
      case 2:
        Type(person, target);
        break;
      case 3:
        person.Write({Below(2) == 0 ? Add(id, kind, "tags", Word(Below(3)))
                                    : Remove(id, kind, "tags", Word(Below(3)))});
        break;
      case 4:
        person.Write({Below(3) == 0 ? Restore(id) : Delete(id)});
        break;
      case 5:
        State(person, id);
        break;
      default:
        SettleOne(person);
    }
  }

  void Type(Person& person, const Target& target) {
    const Plan& view = person.view();
    const merge::Record* record = view.Find(view.Routed(target.id, person.town()));
    int64_t size = 0;
    for (const auto& [key, text] : record->texts) size = text.document.size();
    auto position = static_cast<int64_t>(Below(static_cast<unsigned>(size) + 1));
    auto removed = std::min<int64_t>(Below(6), size - position);
    person.Write({Splice(target.id, target.kind, target.text, "en",
                         {{position, removed, Below(4) == 0 ? "Stop. " : "x"}})});
  }

  void State(Person& person, const RecordId& id) {
    auto stance = static_cast<v1::StanceKind>(1 + Below(3));
    auto edits = StatePosition(person.view(), person.town(), id, stance, "", "en");
    if (edits.ok()) person.Write(*std::move(edits));
  }

  void SettleOne(Person& person) {
    std::vector<Conflict> open = Conflicts(person.view(), false);
    if (open.empty()) return;
    const Conflict& conflict = open[Below(static_cast<unsigned>(open.size()))];
    Choice choice;
    choice.keep = Below(static_cast<unsigned>(conflict.candidates.size()));
    if (Below(4) == 0) choice.kind = Choice::kDiverge;
    absl::StatusOr<v1::Edit> edit = Settle(person.view(), conflict, choice);
    if (edit.ok() && !person.Write({*edit}) && edit->settle().diverge()) ++divergences_;
  }

  void TellFields(const merge::Kind& kind, const merge::Record& record,
                  std::ostringstream& told) const {
    for (const merge::Field& field : kind.fields) {
      auto reg = record.registers.find(field.number);
      if (reg == record.registers.end() || field.rule == v1::QUIET_REGISTER) continue;
      std::vector<std::string> values;
      for (const merge::Candidate& one : reg->second.candidates) values.push_back(Named(one));
      told << "  " << field.name << Sorted(values);
    }
    for (const auto& [field, set] : record.sets) {
      for (const auto& [value, adds] : set.adds) told << "  + " << value << "\n";
    }
    for (const auto& [key, text] : record.texts) told << "  " << text.document.text() << "\n";
  }

  void TellConflicts(const merge::Record& record, std::ostringstream& told) const {
    std::vector<std::string> all;
    for (const Conflict& conflict : ConflictsOf(world_.server(), record, false)) {
      std::vector<std::string> candidates;
      // How much of its surroundings a version of a passage takes in, and which of two equal ones
      // is named, may depend on which side came first.
      if (conflict.kind != merge::ConflictKind::kPassage) candidates = Named(conflict.candidates);
      all.push_back("conflict " + std::to_string(conflict.field) + Sorted(candidates));
    }
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    for (const std::string& one : all) told << "  " << one;
  }

  static std::vector<std::string> Named(const std::vector<Candidate>& candidates) {
    std::vector<std::string> named;
    for (const Candidate& one : candidates) {
      named.push_back(one.author + std::to_string(one.number) + " " + Hex(one.value));
    }
    return named;
  }

  std::string Named(const merge::Candidate& candidate) const {
    const std::vector<Member>& members = world_.server().members();
    const size_t who = candidate.stamp.replica;
    return (who < members.size() ? members[who].name : "ledger") +
           std::to_string(candidate.stamp.number) + " " + Hex(candidate.value);
  }

  // As it reads; digests in hex.
  static std::string Hex(const std::string& value) {
    bool plain = std::all_of(value.begin(), value.end(), [](char c) { return c >= ' '; });
    return plain ? value : HexOf(value).substr(0, 24);
  }

  static std::string Sorted(std::vector<std::string> values) {
    std::sort(values.begin(), values.end());
    std::string text = ":";
    for (const std::string& value : values) text += " [" + value + "]";
    return text + "\n";
  }

  unsigned seed_;
  int divergences_ = 0;  // in the last round
  std::mt19937 random_;
  World world_;
};

// TWINNING_LAW_SEEDS sets how many rounds it is tried on.
TEST(Swapping, WhoSyncsFirstChangesOnlyWhichCandidateIsShown) {
  const char* wanted = std::getenv("TWINNING_LAW_SEEDS");
  unsigned seeds = wanted != nullptr ? static_cast<unsigned>(std::stoul(wanted)) : 200;
  for (unsigned seed = 1; seed <= seeds && !HasFailure(); ++seed) {
    SCOPED_TRACE(seed);
    std::string first;
    Order order = kCast;
    do {
      Round round(seed);
      round.Sync(order);
      if (round.depends_on_order()) break;
      if (first.empty()) first = round.Tell();
      ASSERT_EQ(round.Tell(), first) << order[0] << " " << order[1] << " " << order[2];
    } while (std::next_permutation(order.begin(), order.end(), [](auto a, auto b) {
      return std::string_view(a) < std::string_view(b);
    }));
  }
}

}  // namespace
}  // namespace twinning::plan
