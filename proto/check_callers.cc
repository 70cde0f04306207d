// Fails the build when a method of a service does not say who may call it: see callers.proto.
//
//   check_callers STAMP FILE.proto ...    FILE as imports name it; STAMP is written when all is
//   well
#include <google/protobuf/descriptor.h>

#include <cstdio>
#include <fstream>

#include "twinning/v1/callers.pb.h"

namespace {

using google::protobuf::FileDescriptor;

// How many methods say nothing.
int Silent(const FileDescriptor& file) {
  int silent = 0;
  for (int s = 0; s < file.service_count(); ++s) {
    for (int m = 0; m < file.service(s)->method_count(); ++m) {
      const auto* method = file.service(s)->method(m);
      auto callers = method->options().GetExtension(twinning::v1::callers);
      if (callers != twinning::v1::CALLERS_UNSPECIFIED) continue;
      std::fprintf(stderr, "%s: %s does not say who may call it: give it option (callers)\n",
                   file.name().c_str(), method->full_name().c_str());
      ++silent;
    }
  }
  return silent;
}

}  // namespace

int main(int argc, char** argv) {
  int silent = 0;
  for (int i = 2; i < argc; ++i) {
    const FileDescriptor* file =
        google::protobuf::DescriptorPool::generated_pool()->FindFileByName(argv[i]);
    if (file == nullptr) {
      std::fprintf(stderr, "%s is not among the files that were compiled\n", argv[i]);
      return 1;
    }
    silent += Silent(*file);
  }
  if (silent > 0 || argc < 3) return 1;
  std::ofstream(argv[1]) << "checked\n";
  return 0;
}
