// A survey as Prometheus has it: metric families with their names, units and help. Every name
// begins with "twinning_"; see deploy/grafana for what looks at them.
#pragma once

#include <prometheus/metric_family.h>

#include <vector>

#include "server/metrics/survey.h"

namespace twinning::server {

// All families, also those without a value yet.
std::vector<prometheus::MetricFamily> FamiliesOf(const Surveyed& surveyed);

}  // namespace twinning::server
