// The certificate that one of the server's listeners shows, with its key, in a folder of its own.
// What is in it is checked before it is used, and switched in one step:
//
//   FOLDER/current -> N      a link to the pair in use
//   FOLDER/N/key.pem
//   FOLDER/N/chain.pem       the certificate, then the authority's chain
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "server/authority/authority.h"

namespace twinning::server {

// As a TLS library takes them.
struct KeyAndChain {
  std::string key_pem;
  std::string chain_pem;
};

class ServerCertificate {
 public:
  ServerCertificate(std::string folder, std::vector<std::string> hosts)
      : folder_(std::move(folder)), hosts_(std::move(hosts)) {}

  // Makes a new pair unless the one there is whole, of this authority's newest, names all hosts and
  // has more than a third of its life before it. True when it made one.
  absl::StatusOr<bool> Refresh(const Authority& authority, int64_t now_ms);

  // Where a TLS library finds them; they change in one step.
  std::string key_file() const { return folder_ + "/current/key.pem"; }
  std::string chain_file() const { return folder_ + "/current/chain.pem"; }

  // The one in use. NotFound before Refresh.
  absl::StatusOr<tls::Certificate> Current() const;
  // With its key, from one pair also while another takes its place.
  absl::StatusOr<KeyAndChain> Read() const;

 private:
  bool Good(const Authority& authority, int64_t now_ms) const;
  absl::Status MakePair(const Authority& authority, int64_t now_ms) const;
  std::string NextName() const;
  void RemoveOthers(const std::string& kept) const;

  const std::string folder_;
  const std::vector<std::string> hosts_;
};

}  // namespace twinning::server
