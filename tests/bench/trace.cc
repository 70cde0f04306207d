#include "tests/bench/trace.h"

#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "common/text/utf8.h"

namespace twinning::bench {
namespace {

std::string ReadFile(const std::string& path) {
  const std::unique_ptr<gzFile_s, decltype(&gzclose)> file(gzopen(path.c_str(), "rb"), gzclose);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::string content;
  std::string block(1 << 16, '\0');
  for (int got; (got = gzread(file.get(), block.data(), block.size())) > 0;) {
    content.append(block, 0, got);
  }
  return content;
}

Transaction TransactionOf(const nlohmann::json& json) {
  Transaction transaction;
  transaction.agent = json.value("agent", size_t{0});
  if (json.contains("parents")) {
    transaction.parents = json.at("parents").get<std::vector<size_t>>();
  }
  for (const auto& patch : json.at("patches")) {
    transaction.splices.push_back(
        {patch.at(0).get<int64_t>(), patch.at(1).get<int64_t>(), patch.at(2).get<std::string>()});
  }
  return transaction;
}

nlohmann::json JsonOf(const Transaction& transaction, bool concurrent) {
  nlohmann::json json = nlohmann::json::object();
  if (concurrent) json["parents"] = transaction.parents;
  if (concurrent) json["agent"] = transaction.agent;
  json["patches"] = nlohmann::json::array();
  for (const text::Splice& s : transaction.splices) {
    json["patches"].push_back(nlohmann::json::array({s.position, s.removed, s.inserted}));
  }
  return json;
}

}  // namespace

std::string AuthorName(size_t number) {
  const std::string digits = std::to_string(number);
  return "author " + std::string(6 - std::min<size_t>(6, digits.size()), '0') + digits;
}

std::vector<text::Edit> EditsOf(const Trace& trace) {
  std::vector<text::Edit> edits;
  std::vector<text::Version> versions;
  text::Operation operations = 0;
  for (const Transaction& t : trace.transactions) {
    text::Edit edit;
    edit.author = static_cast<text::Author>(t.agent);
    for (size_t parent : t.parents) {
      const text::Version& version = versions[parent];
      edit.parents.insert(edit.parents.end(), version.begin(), version.end());
    }
    if (!trace.concurrent && operations > 0) edit.parents = {operations - 1};
    std::sort(edit.parents.begin(), edit.parents.end());
    edit.splices = t.splices;
    const text::Operation before = operations;
    for (const text::Splice& s : t.splices) operations += s.removed + text::CodePoints(s.inserted);
    versions.push_back(operations > before ? text::Version{operations - 1} : edit.parents);
    edits.push_back(std::move(edit));
  }
  return edits;
}

size_t Trace::Edits() const {
  size_t edits = 0;
  for (const Transaction& t : transactions) edits += t.splices.size();
  return edits;
}

Trace ReadTrace(const std::string& path) {
  const nlohmann::json json = nlohmann::json::parse(ReadFile(path));
  Trace trace;
  trace.name = NameOf(path);
  trace.concurrent = json.value("kind", "") == "concurrent";
  trace.agents = json.value("numAgents", size_t{1});
  trace.end_content = json.at("endContent").get<std::string>();
  for (const auto& transaction : json.at("txns")) {
    trace.transactions.push_back(TransactionOf(transaction));
  }
  return trace;
}

void WriteTrace(const Trace& trace, const std::string& path) {
  nlohmann::json json = {{"endContent", trace.end_content}};
  if (trace.concurrent) {
    json["kind"] = "concurrent";
    json["numAgents"] = trace.agents;
  } else {
    json["startContent"] = "";
  }
  json["txns"] = nlohmann::json::array();
  for (const Transaction& t : trace.transactions) {
    json["txns"].push_back(JsonOf(t, trace.concurrent));
  }
  const std::string content = json.dump();
  const std::unique_ptr<gzFile_s, decltype(&gzclose)> file(gzopen(path.c_str(), "wb"), gzclose);
  if (!file || gzwrite(file.get(), content.data(), static_cast<unsigned>(content.size())) == 0) {
    throw std::runtime_error("cannot write " + path);
  }
}

std::string NameOf(const std::string& path) {
  const std::string name = std::filesystem::path(path).filename().string();
  return name.substr(0, name.find(".json"));
}

std::vector<std::string> TracesIn(const std::string& folder) {
  std::vector<std::string> paths;
  for (const auto& file : std::filesystem::directory_iterator(folder)) {
    const std::string path = file.path().string();
    if (path.ends_with(".json") || path.ends_with(".json.gz")) paths.push_back(path);
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace twinning::bench
