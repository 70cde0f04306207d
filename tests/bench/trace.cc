#include "tests/bench/trace.h"

#include <zlib.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>

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

}  // namespace

size_t Trace::Edits() const {
  size_t edits = 0;
  for (const Transaction& t : transactions) edits += t.splices.size();
  return edits;
}

Trace ReadTrace(const std::string& path) {
  const nlohmann::json json = nlohmann::json::parse(ReadFile(path));
  Trace trace;
  trace.name = std::filesystem::path(path).filename().string();
  trace.name = trace.name.substr(0, trace.name.find(".json"));
  trace.concurrent = json.value("kind", "") == "concurrent";
  trace.agents = json.value("numAgents", size_t{1});
  trace.end_content = json.at("endContent").get<std::string>();
  for (const auto& transaction : json.at("txns")) {
    trace.transactions.push_back(TransactionOf(transaction));
  }
  return trace;
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
