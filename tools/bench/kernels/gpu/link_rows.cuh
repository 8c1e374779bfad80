#pragma once

namespace datagen::bench {

/// Prints how fast bytes get to the device and back: from pinned memory, which is the bus alone, and
/// from pageable memory as jobs' bytes are, by several ways to split the copy.
void print_link_rows();

}  // namespace datagen::bench
