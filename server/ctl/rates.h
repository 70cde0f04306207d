// What happened between two measurements. Pure.
#pragma once

#include "twinning/v1/admin.pb.h"

namespace twinning::ctl {

struct Rates {
  double seconds = 0;
  double changes = 0;   // a second
  double refusals = 0;  // a second
  double commits = 0;   // a second
  double commit_p50_us = 0;
  double commit_p99_us = 0;
  double fan_out_p50_us = 0;
  double fan_out_p99_us = 0;
};

// `before` may be empty: then since the server started. A server that was started again in between
// counts anew.
Rates RatesBetween(const v1::Measurement& before, const v1::Measurement& after);

}  // namespace twinning::ctl
