// When a computer of the simulation dies: between any two effects, where an effect is what stays or
// what others can see: a disk write, a sync, a message. Whatever its programs do after that moment
// takes no effect; they are thrown away when the step is over.
#pragma once

#include <cstddef>
#include <optional>

namespace twinning::simulation {

class Computer {
 public:
  // Dies instead of the effect after the next `effects`.
  void DieAfter(size_t effects) { left_ = effects; }
  void Die() { dead_ = true; }
  void Revive() {
    dead_ = false;
    left_.reset();
  }
  // Faults are off.
  void Spare() { left_.reset(); }

  bool dead() const { return dead_; }

  // Before every effect. False: it must not take place.
  bool Effect() {
    if (dead_) return false;
    if (!left_) return true;
    if (*left_ == 0) {
      dead_ = true;
      return false;
    }
    --*left_;
    return true;
  }

 private:
  std::optional<size_t> left_;
  bool dead_ = false;
};

}  // namespace twinning::simulation
