#include "common/plan/proof.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "common/base/bytes.h"
#include "common/base/status.h"
#include "common/crypto/ed25519.h"
#include "common/ledger/change.h"
#include "common/ledger/joining.h"
#include "common/ledger/readmission.h"
#include "common/plan/mandate.h"
#include "common/plan/standing.h"
#include "common/plan/terms.h"
#include "common/plan/titles.h"

namespace twinning::plan {
namespace {

constexpr std::string_view kTermsDomain = "twinning.terms.v1";
constexpr std::string_view kMagic = "TWPROOF1";

absl::Status Broken(std::string_view why) {
  return DataLoss(fmt::format("the proof does not hold: {}", why));
}

void Fold(const v1::Entry& entry, v1::ProofLink& link) {
  v1::FoldedEntry& folded = *link.mutable_folded();
  folded.set_kind(entry.kind());
  folded.set_time_ms(entry.time_ms());
  folded.set_body_hash(std::string(ledger::BodyHash(entry).bytes()));
  folded.set_signature(entry.signature());
}

// Reads a proof's chain entry by entry, and what its whole entries say.
class Reader {
 public:
  absl::Status Read(const v1::Proof& proof) {
    std::optional<RecordId> record = RecordId::Of(proof.record());
    if (proof.version() != kProofVersion || !record || proof.links().empty()) {
      return Broken("it is of another version, or not a proof");
    }
    proven_.record = *record;
    for (const v1::ProofLink& link : proof.links()) {
      TWINNING_RETURN_IF_ERROR(Follow(link));
      if (!link.has_whole()) continue;
      v1::Entry kept;
      TWINNING_RETURN_IF_ERROR(Take(ledger::EffectOf(link.whole(), kept), proof));
    }
    return Finish(proof);
  }

  Proven&& proven() && { return std::move(proven_); }

 private:
  absl::Status Follow(const v1::ProofLink& link) {
    Sequence next = proven_.head.sequence + 1;
    v1::Entry entry;
    Hash body;
    if (link.has_whole()) {
      entry = link.whole();
      body = ledger::BodyHash(entry);
    } else {
      entry.set_kind(link.folded().kind());
      entry.set_time_ms(link.folded().time_ms());
      entry.set_signature(link.folded().signature());
      std::optional<Hash> folded = Hash::Of(link.folded().body_hash());
      if (!folded) return Broken(fmt::format("entry {} has no hash", next));
      body = *folded;
      entry.set_sequence(next);
    }
    if (entry.sequence() != next) return Broken(fmt::format("entry {} is not in its place", next));
    if (next == 1) TWINNING_RETURN_IF_ERROR(Found(entry));
    proven_.head = {next, ledger::EntryHash(proven_.ledger, proven_.head.hash, entry, body)};
    return absl::OkStatus();
  }

  absl::Status Found(const v1::Entry& entry) {
    v1::Founding founding;
    std::optional<LedgerId> ledger;
    if (entry.kind() == v1::FOUNDING && founding.ParseFromString(entry.body())) {
      ledger = LedgerId::Of(founding.ledger());
    }
    if (!ledger) return Broken("its first entry founds no partnership");
    TWINNING_ASSIGN_OR_RETURN(proven_.schema, merge::Schema::FromDescriptorSet(founding.schema()));
    proven_.ledger = *ledger;
    proven_.partnership = founding.name();
    return absl::OkStatus();
  }

  absl::Status Take(const v1::Entry& entry, const v1::Proof& proof) {
    if (entry.kind() == v1::MEMBERSHIP) return TakeMembership(entry);
    if (entry.kind() == v1::CHANGE) return TakeChange(entry, proof);
    if (entry.kind() == v1::SCHEMA) {
      v1::SchemaStatement statement;
      if (!statement.ParseFromString(entry.body())) return Broken("a schema cannot be read");
      TWINNING_ASSIGN_OR_RETURN(proven_.schema,
                                merge::Schema::FromDescriptorSet(statement.schema()));
    }
    return absl::OkStatus();
  }

  absl::Status TakeMembership(const v1::Entry& entry) {
    v1::Membership statement;
    if (!statement.ParseFromString(entry.body())) return Broken("a membership cannot be read");
    if (statement.action() == v1::Membership::ENROL) {
      TWINNING_RETURN_IF_ERROR(CheckEnrolment(entry, statement));
    }
    roster_.Take(statement, entry.sequence());
    return absl::OkStatus();
  }

  // What a ledger's chain is judged by, in whole.
  absl::Status CheckEnrolment(const v1::Entry& entry, const v1::Membership& statement) const {
    const std::string& key = statement.key();
    if (ReplicaOfKey(key).bytes() != statement.replica()) {
      return Broken(fmt::format("entry {} enrols a replica under another key", entry.sequence()));
    }
    const Member* copied =
        roster_.FindMember(ReplicaId::Of(statement.continues()).value_or(ReplicaId()));
    bool holds = statement.continues().empty() ||
                 (copied != nullptr && ledger::VerifyContinuing(copied->key, proven_.ledger, key,
                                                                statement.signature()));
    if (!statement.invitation().empty()) {
      holds = holds && ledger::VerifyInvited(statement.invitation(), proven_.ledger, key,
                                             statement.invited());
    }
    if (holds) return absl::OkStatus();
    return Broken(
        fmt::format("nobody signed for the replica that entry {} enrols", entry.sequence()));
  }

  absl::Status TakeChange(const v1::Entry& entry, const v1::Proof& proof) {
    TWINNING_ASSIGN_OR_RETURN(ledger::ParsedChange parsed, ledger::ParseChange(entry.body()));
    if (parsed.ledger != proven_.ledger) return Broken("a change is of another partnership");
    Change change = ReadChange(std::move(parsed));
    const Member* member = roster_.FindMember(change.authored.replica);
    if (member == nullptr || member->revoked != 0) {
      return Broken(fmt::format("entry {} is of no member", entry.sequence()));
    }
    for (const v1::Edit& edit : change.edits.edits()) {
      if (edit.has_mandate()) TakeMandate(edit, change.authored, entry.sequence());
      if (edit.record() != proof.record()) continue;
      if (edit.has_withdraw()) agreed_.erase(member->town);
      if (!edit.has_agree()) continue;
      TWINNING_RETURN_IF_ERROR(
          TakeAgreement(edit.agree(), change.authored, entry.sequence(), *member, proof));
    }
    return absl::OkStatus();
  }

  // One that nobody had a right to did nothing.
  void TakeMandate(const v1::Edit& edit, const ledger::ParsedChange& change, Sequence sequence) {
    const Member& author = *roster_.FindMember(change.replica);
    std::optional<RecordId> record = RecordId::Of(edit.record());
    v1::MandateStatement said;
    if (!record || !said.ParseFromString(edit.mandate().statement())) return;
    const MandateCase where{roster_, proven_.ledger, author, *record, change.base.sequence};
    if (!JudgeMandate(where, edit.mandate())) roster_.Take(said, change.replica, sequence);
  }

  absl::Status TakeAgreement(const v1::Agree& agree, const ledger::ParsedChange& change,
                             Sequence sequence, const Member& member, const v1::Proof& proof) {
    v1::AgreementStatement statement;
    bool fits = statement.ParseFromString(agree.statement()) &&
                statement.ledger() == proven_.ledger.bytes() &&
                statement.record() == proof.record() && statement.town() == member.town.bytes() &&
                statement.form() == kTermsForm;
    if (!fits) return Broken(fmt::format("entry {} agrees to something else", sequence));
    if (!VerifySignature(member.key, SignedStatement(agree.statement()), agree.signature())) {
      return Broken(fmt::format("the signature in entry {} is not {}'s", sequence, member.name));
    }
    const std::string town = roster_.TownName(member.town);
    if (!Speaks(member)) {
      return Broken(fmt::format("{}, who agreed in entry {}, was not confirmed by {}", member.name,
                                sequence, town));
    }
    ProvenAgreement agreement{town, member.name, change.replica, sequence, change.time_ms, {}, "",
                              "",   ""};
    Root(member, agreement);
    agreement.languages = {statement.languages().begin(), statement.languages().end()};
    for (const v1::AgreedTerms& terms : proof.terms()) {
      if (HashOf(kTermsDomain, terms.canonical()).bytes() == statement.terms()) {
        agreed_[member.town] = std::move(agreement);
        return absl::OkStatus();
      }
    }
    return Broken(fmt::format("entry {} agrees to other words than these", sequence));
  }

  void Root(const Member& member, ProvenAgreement& agreement) const {
    const Member* root = RootOf(roster_, member);
    if (root == nullptr) return;
    agreement.root = root->name;
    agreement.root_key = root->key;
    const Member* by = roster_.FindMember(root->confirmed_by);
    if (by != nullptr && by->town != root->town) agreement.root_town = roster_.TownName(by->town);
  }

  // Every town that the words name, or every town there is, has agreed to them.
  absl::Status Finish(const v1::Proof& proof) {
    std::set<TownId> wanted;
    for (const v1::AgreedTerms& terms : proof.terms()) {
      TWINNING_RETURN_IF_ERROR(ReadTerms(terms.canonical(), wanted));
    }
    if (proof.terms().empty()) return Broken("it holds no words");
    if (wanted.empty()) {
      for (const Town& town : roster_.towns()) wanted.insert(town.id);
    }
    for (const TownId& town : wanted) {
      auto agreement = agreed_.find(town);
      if (agreement == agreed_.end()) {
        return Broken(fmt::format("{} has not agreed", roster_.TownName(town)));
      }
      proven_.agreements.push_back(agreement->second);
    }
    return wanted.empty() ? Broken("there is no town") : absl::OkStatus();
  }

  absl::Status ReadTerms(std::string_view canonical, std::set<TownId>& participants) {
    ByteReader reader(canonical);
    std::optional<uint64_t> number = reader.Varint();
    const merge::Kind* kind =
        number ? proven_.schema->KindByNumber(static_cast<uint32_t>(*number)) : nullptr;
    if (kind == nullptr) return Broken("its words are of an unknown kind");
    proven_.kind = kind->label;
    while (!reader.done()) TWINNING_RETURN_IF_ERROR(ReadTerm(reader, *kind, participants));
    return absl::OkStatus();
  }

  absl::Status ReadTerm(ByteReader& reader, const merge::Kind& kind,
                        std::set<TownId>& participants) {
    std::optional<uint64_t> number = reader.Varint();
    std::optional<std::string_view> form = reader.Take(1);
    const merge::Field* field =
        number ? kind.FieldByNumber(static_cast<uint32_t>(*number)) : nullptr;
    if (field == nullptr || !form) return Broken("its words cannot be read");
    uint64_t count = 1;
    if (*form != "v") count = reader.Varint().value_or(0);
    ProvenTerm term{field->label, "", {}, field};
    for (uint64_t i = 0; i < count; ++i) {
      std::optional<std::string_view> value = reader.Prefixed();
      if (value && *form == "t") {
        term.language = *value;
        value = reader.Prefixed();
      }
      if (!value) return Broken("its words cannot be read");
      if (*form == "t") term.values.clear();
      term.values.emplace_back(*value);
      std::optional<RecordId> town = merge::ReferenceOf(*value);
      if (field->participants && town) participants.insert(*town);
      if (*form == "t") Keep(term);
    }
    if (*form != "t") Keep(term);
    return count == 0 ? Broken("its words cannot be read") : absl::OkStatus();
  }

  // Towns that agreed in different languages bring terms that overlap: each is told once.
  void Keep(const ProvenTerm& term) {
    for (const ProvenTerm& known : proven_.terms) {
      if (known.label == term.label && known.language == term.language &&
          known.values == term.values) {
        return;
      }
    }
    proven_.terms.push_back(term);
  }

  Proven proven_;
  Roster roster_;
  std::map<TownId, ProvenAgreement> agreed_;
};

// Whether a town says something of its members in what `entry` comes to.
bool DecidesOnMembers(const Plan& plan, const v1::Entry& entry) {
  v1::Entry kept;
  const v1::Entry& effect = ledger::EffectOf(entry, kept);
  if (effect.kind() != v1::CHANGE || plan.ignored().contains(entry.sequence())) return false;
  absl::StatusOr<ledger::ParsedChange> parsed = ledger::ParseChange(effect.body());
  if (!parsed.ok()) return false;
  const Change change = ReadChange(*std::move(parsed));
  const auto& edits = change.edits.edits();
  return std::any_of(edits.begin(), edits.end(),
                     [](const v1::Edit& edit) { return edit.has_mandate(); });
}

}  // namespace

absl::StatusOr<v1::Proof> MakeProof(const Plan& plan, const merge::Record& record) {
  Agreement agreement = AgreementOf(plan, record);
  if (!agreement.agreed) {
    return FailedPrecondition(
        fmt::format("{} is not agreed by every town as it reads now: there is nothing to prove",
                    NameOf(plan, record)));
  }
  v1::Proof proof;
  proof.set_version(kProofVersion);
  proof.set_record(std::string(record.id.bytes()));
  std::set<Sequence> needed;
  std::set<std::vector<std::string>> languages;
  for (const TownConsent& town : agreement.towns) {
    needed.insert(town.consent->stamp.sequence);
    if (!languages.insert(town.consent->languages).second) continue;
    v1::AgreedTerms& terms = *proof.add_terms();
    for (const std::string& language : town.consent->languages) terms.add_languages(language);
    terms.set_canonical(CanonicalTerms(plan, record, town.consent->languages));
  }
  auto see = [&](const v1::Entry& entry) {
    v1::ProofLink& link = *proof.add_links();
    v1::Entry kept;
    const v1::EntryKind kind = ledger::EffectOf(entry, kept).kind();
    bool whole = kind == v1::FOUNDING || kind == v1::MEMBERSHIP || kind == v1::SCHEMA ||
                 needed.count(entry.sequence()) > 0 || DecidesOnMembers(plan, entry);
    if (whole) {
      *link.mutable_whole() = entry;
      link.mutable_whole()->clear_personal();
    } else {
      Fold(entry, link);
    }
    return absl::OkStatus();
  };
  TWINNING_RETURN_IF_ERROR(plan.past().Read(0, plan.head().sequence, see));
  return proof;
}

std::string SealProof(const v1::Proof& proof) {
  std::string message = proof.SerializeAsString();
  return std::string(kMagic) + std::string(Sha256(message).bytes()) + message;
}

absl::StatusOr<Proven> CheckProof(std::string_view bytes) {
  if (bytes.size() > kMaxProofBytes) return Broken("it is too large to be one");
  if (!bytes.starts_with(kMagic) || bytes.size() < kMagic.size() + 32) {
    return Broken("the file is no proof");
  }
  std::string_view hash = bytes.substr(kMagic.size(), 32);
  bytes.remove_prefix(kMagic.size() + 32);
  if (Sha256(bytes).bytes() != hash) return Broken("the file is damaged");
  v1::Proof proof;
  if (!proof.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return Broken("it cannot be read");
  }
  Reader reader;
  TWINNING_RETURN_IF_ERROR(reader.Read(proof));
  return std::move(reader).proven();
}

}  // namespace twinning::plan
