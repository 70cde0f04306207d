// Recorded editing histories, as they lie in a file.
#ifndef TWINNING_TESTS_BENCH_TRACE_H_
#define TWINNING_TESTS_BENCH_TRACE_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "common/text/document.h"

namespace twinning::bench {

struct Transaction {
  size_t agent = 0;
  std::vector<size_t> parents;  // earlier transactions; not used in a sequential trace
  std::vector<text::Splice> splices;
};

struct Trace {
  std::string name;
  bool concurrent = false;
  size_t agents = 1;  // an author's id is AuthorName of its number: ids sort like numbers
  std::vector<Transaction> transactions;
  std::string end_content;

  size_t Edits() const;
};

std::string AuthorName(size_t number);

// What another replica would send: every transaction as an edit at its version. The parents count
// operations from an empty document whose authors were added in order of their numbers.
std::vector<text::Edit> EditsOf(const Trace& trace);

// Reads a .json or .json.gz file. Throws std::runtime_error when it is no trace.
Trace ReadTrace(const std::string& path);

// Writes it in the format of the recorded ones, gzipped. Throws std::runtime_error.
void WriteTrace(const Trace& trace, const std::string& path);

// The name of the trace in a file.
std::string NameOf(const std::string& path);

// The traces of a folder, by name.
std::vector<std::string> TracesIn(const std::string& folder);

}  // namespace twinning::bench

#endif  // TWINNING_TESTS_BENCH_TRACE_H_
