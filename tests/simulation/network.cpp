#include "tests/simulation/network.hpp"

namespace datagen::simulation {

void network::send(member_id from, member_id to, any_event e) {
  if (side_.contains(from) != side_.contains(to) || random_() % 1000 < options_.loss_permille)
    return;
  const auto range = options_.delay_max_ms - options_.delay_min_ms + 1;
  for (int copies = random_() % 1000 < options_.repeat_permille ? 2 : 1; copies > 0; --copies)
    time_.after(options_.delay_min_ms + random_() % range,
                [this, from, to, e] { arrive(from, to, e); });
}

void network::arrive(member_id from, member_id to, const any_event& e) {
  if (const auto wait = holder_ ? holder_(from, to) : 0)
    time_.after(wait, [this, from, to, e] { arrive(from, to, e); });
  else
    receiver_(to, e);
}

}  // namespace datagen::simulation
