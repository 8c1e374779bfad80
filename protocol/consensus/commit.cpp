#include "protocol/consensus/commit.hpp"

namespace datagen::protocol::consensus {

digest digest_of(const commit& c) { return hash("commit", c); }

}  // namespace datagen::protocol::consensus
