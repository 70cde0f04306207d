// What exactly a town agrees to, or takes a position on: the digest of a record's terms.
#pragma once

#include <string>
#include <vector>

#include "common/crypto/sha256.h"
#include "common/plan/plan.h"

namespace twinning::plan {

// The version of the canonical form below; an agreement names the one that it used.
//
//   terms  = varint kind, (varint field, content)* ascending, unset fields left out
//   content = 'v' prefixed value                          a register as shown
//           | 's' varint count, prefixed value*           a set, ascending; empty ones left out
//           | 't' varint count, (prefixed language, prefixed text)*   of the languages covered
inline constexpr uint32_t kTermsForm = 1;

// The languages in which the record's term texts say something, ascending.
std::vector<std::string> TermLanguages(const Plan& plan, const merge::Record& record);

// The canonical form of the terms as shown, texts in `languages` only; and its digest.
std::string CanonicalTerms(const Plan& plan, const merge::Record& record,
                           const std::vector<std::string>& languages);
Hash TermsDigest(const Plan& plan, const merge::Record& record,
                 const std::vector<std::string>& languages);
// Over everything, every language: what a position is about.
Hash WordsDigest(const Plan& plan, const merge::Record& record);

// Whether a field of the record (0: its existence) is part of its terms.
bool IsTerm(const Plan& plan, const merge::Record& record, uint32_t field);

// Whether a term of the record has an open conflict: then it cannot be agreed.
bool TermsInConflict(const Plan& plan, const merge::Record& record);

// The bytes of an AgreementStatement are signed under this domain.
std::string SignedStatement(std::string_view statement);

}  // namespace twinning::plan
