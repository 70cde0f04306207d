#include "server/metrics/families.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "common/base/date.h"
#include "common/base/ids.h"

namespace twinning::server {
namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using Labels = std::vector<ClientMetric::Label>;

constexpr double kMicroseconds = 1e6;  // of a second

ClientMetric Value(MetricType type, double value, Labels labels = {}) {
  ClientMetric metric;
  metric.label = std::move(labels);
  (type == MetricType::Counter ? metric.counter.value : metric.gauge.value) = value;
  return metric;
}

class Families {
 public:
  explicit Families(const Surveyed& surveyed)
      : measured_(surveyed.measured), enrolling_(surveyed.enrolling) {}

  std::vector<MetricFamily> All() {
    Connections();
    Enrolment();
    Changes();
    Queues();
    Latencies();
    Ledgers();
    Storage();
    Certificates();
    return std::move(all_);
  }

 private:
  MetricFamily& Begin(MetricType type, std::string name, std::string help) {
    all_.push_back({"twinning_" + std::move(name), std::move(help), type, {}});
    return all_.back();
  }
  void One(MetricType type, std::string name, std::string help, double value) {
    Begin(type, std::move(name), std::move(help)).metric.push_back(Value(type, value));
  }
  void Counter(std::string name, std::string help, uint64_t value) {
    One(MetricType::Counter, std::move(name), std::move(help), static_cast<double>(value));
  }
  void Gauge(std::string name, std::string help, double value) {
    One(MetricType::Gauge, std::move(name), std::move(help), value);
  }
  template <typename Counts>
  void ByReason(std::string name, std::string help, const Counts& counts) {
    MetricFamily& family = Begin(MetricType::Counter, std::move(name), std::move(help));
    for (const v1::Measurement::Count& count : counts) {
      family.metric.push_back(Value(MetricType::Counter, static_cast<double>(count.count()),
                                    {{"reason", Lower(count.what())}}));
    }
  }
  static std::string Lower(std::string word) {
    std::transform(word.begin(), word.end(), word.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return word;
  }

  void Connections() {
    Gauge("connections", "Open TCP connections at all listeners.",
          static_cast<double>(measured_.connections()));
    Gauge("streams", "Replicas' open sync streams.", static_cast<double>(measured_.streams()));
    Counter("connections_turned_away_total", "Connections closed at the door: too many.",
            measured_.turned_away());
    Counter("handshakes_failed_total", "Clients whose certificate was not let in.",
            measured_.handshakes_failed());
    ByReason("sessions_closed_total", "Sessions that the server ended, by reason.",
             measured_.closings());
  }

  void Enrolment() {
    Gauge("enrolment_serving", "1: people can join.", enrolling_ && enrolling_->serving);
    Counter("enrolment_restarts_total",
            "How often what people join by was started again, because it ended or was not reached.",
            enrolling_ ? enrolling_->restarts : 0);
  }

  void Changes() {
    Counter("changes_total", "Changes that became durable.", measured_.changes());
    Counter("entries_total", "Ledger entries of any kind that became durable.",
            measured_.entries());
    ByReason("refusals_total", "Changes that were refused, by reason.", measured_.refusals());
    Counter("commits_total", "Transactions; each holds what arrived meanwhile.",
            measured_.commits());
  }

  void Queues() {
    Gauge("commit_queue", "Tasks that wait for the committer.",
          static_cast<double>(measured_.waiting()));
    Gauge("sessions_unsent", "Sessions that have not been sent everything that is durable.",
          static_cast<double>(measured_.unsent()));
  }

  void Latency(std::string name, std::string help, const v1::Measurement::Histogram& read) {
    ClientMetric metric;
    for (int i = 0; i < read.counts_size(); ++i) {
      metric.histogram.sample_count += read.counts(i);
      const bool last = i >= read.bounds_us_size();
      const double bound = last ? std::numeric_limits<double>::infinity()
                                : static_cast<double>(read.bounds_us(i)) / kMicroseconds;
      metric.histogram.bucket.push_back({metric.histogram.sample_count, bound});
    }
    metric.histogram.sample_sum = static_cast<double>(read.sum_us()) / kMicroseconds;
    Begin(MetricType::Histogram, std::move(name), std::move(help)).metric.push_back(metric);
  }

  void Latencies() {
    Latency("commit_seconds", "How long a transaction took until it was durable.",
            measured_.commit());
    Latency("fan_out_seconds",
            "From durable to handed to the network, for each session and message.",
            measured_.fan_out());
  }

  template <typename Read>
  void OfEach(std::string name, std::string help, Read read) {
    MetricFamily& family = Begin(MetricType::Gauge, std::move(name), std::move(help));
    for (const v1::Measurement::Ledger& ledger : measured_.ledgers()) {
      family.metric.push_back(
          Value(MetricType::Gauge, static_cast<double>(read(ledger)),
                {{"ledger", HexOf(ledger.ledger()).substr(0, 8)}, {"name", ledger.name()}}));
    }
  }

  void Ledgers() {
    using Ledger = v1::Measurement::Ledger;
    OfEach("ledger_entries", "Entries of a partnership's ledger.",
           [](const Ledger& one) { return one.sequence(); });
    OfEach("ledger_sessions", "Sessions of a partnership.",
           [](const Ledger& one) { return one.sessions(); });
    OfEach("ledger_outbox", "Changes that replicas said they have not sent yet.",
           [](const Ledger& one) { return one.outbox(); });
    OfEach("ledger_archived", "1: it is only read.",
           [](const Ledger& one) { return one.archived() ? 1 : 0; });
    OfEach("ledger_recovering", "1: a recovery is open.",
           [](const Ledger& one) { return one.recovering() ? 1 : 0; });
  }

  void Storage() {
    Gauge("database_bytes", "Size of server.db.", static_cast<double>(measured_.database_bytes()));
    Gauge("database_log_bytes", "Size of its write-ahead log.",
          static_cast<double>(measured_.log_bytes()));
    Gauge("disk_free_bytes", "Room on the disk of the data directory.",
          static_cast<double>(measured_.disk_free_bytes()));
    Gauge("disk_full", "1: nothing is acknowledged until there is room.", measured_.disk_full());
    MetricFamily& backup =
        Begin(MetricType::Gauge, "backup_age_seconds", "Since the last backup; none: no value.");
    if (measured_.backup_ms() != 0) {
      const auto age_ms = static_cast<double>(measured_.now_ms() - measured_.backup_ms());
      backup.metric.push_back(Value(MetricType::Gauge, age_ms / 1000));
    }
    Gauge("start_time_seconds", "When the server started, in seconds since 1970.",
          static_cast<double>(measured_.started_ms()) / 1000);
  }

  void Certificates() {
    MetricFamily& family = Begin(MetricType::Gauge, "certificate_days_left",
                                 "Until a certificate of the server ends.");
    for (const v1::Measurement::Certificate& one : measured_.certificates()) {
      const auto left_ms = static_cast<double>(one.until_ms() - measured_.now_ms());
      family.metric.push_back(Value(MetricType::Gauge, static_cast<double>(left_ms) / kDay_ms,
                                    {{"certificate", one.what()}}));
    }
  }

  const v1::Measurement& measured_;
  const std::optional<Enrolling>& enrolling_;
  std::vector<MetricFamily> all_;
};

}  // namespace

std::vector<MetricFamily> FamiliesOf(const Surveyed& surveyed) { return Families(surveyed).All(); }

}  // namespace twinning::server
