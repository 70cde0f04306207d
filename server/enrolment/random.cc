#include "server/enrolment/random.h"

#include <openssl/rand.h>

#include <cstdlib>

namespace twinning::server {

std::string RandomBytes(size_t size) {
  std::string bytes(size, '\0');
  auto* data = reinterpret_cast<unsigned char*>(bytes.data());
  if (RAND_bytes(data, static_cast<int>(size)) != 1) std::abort();
  return bytes;
}

}  // namespace twinning::server
