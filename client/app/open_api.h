// The API described in OpenAPI 3.1: addresses from the route table, records from the schema. Pure.
#pragma once

#include <vector>

#include "client/app/route.h"
#include "common/merge/schema.h"

namespace twinning::app {

Json OpenApi(const std::vector<Route>& routes, const merge::Schema& schema);

}  // namespace twinning::app
