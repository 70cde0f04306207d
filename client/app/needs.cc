#include "client/app/needs.h"

namespace twinning::app {

const std::vector<plan::AttentionItem>& Needs::On(Days today) {
  const Moment now{replica_.confirmed().head(), replica_.last_number(), replica_.acknowledged(),
                   today};
  if (moment_ != now) {
    items_ = plan::Attention(replica_.view(), replica_.identity().town, today);
    moment_ = now;
  }
  return items_;
}

}  // namespace twinning::app
