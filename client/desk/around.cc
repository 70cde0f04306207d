#include "client/desk/around.h"

#include <openssl/rand.h>

#include <chrono>
#include <cstdlib>
#include <ctime>

namespace twinning::desk {

int64_t NowMs() {
  using std::chrono::milliseconds;
  auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<milliseconds>(now).count();
}

Days Today() {
  std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  return DateOf(local.tm_year + 1900, local.tm_mon + 1, local.tm_mday).value_or(0);
}

RandomBytes Randomness() {
  return [](size_t size) {
    std::string bytes(size, '\0');
    // Without randomness no id and no token is safe to use: there is no way on.
    if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(size)) != 1) {
      std::abort();
    }
    return bytes;
  };
}

std::string RandomHex(size_t bytes) { return HexOf(Randomness()(bytes)); }

}  // namespace twinning::desk
