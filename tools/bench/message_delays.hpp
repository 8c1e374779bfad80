#pragma once
// How many message delays pass from a vertex's proposal to its commit: real cores, real coin, every
// message exactly one delay on its way, everything else takes no time.

#include "protocol/consensus/committee.hpp"

namespace datagen::bench {

struct delay_report {
  std::size_t authors = 0;
  std::uint32_t wave = 0;
  std::uint32_t leaders = 0;   ///< Slots per round.
  double average = 0;          ///< Over all vertices, at every author.
  double leader = 0;           ///< Over those that lead a commit.
  std::uint64_t vertices = 0;  ///< Measured.
};

/// Runs `rounds` rounds of `authors` authors; the first and the last ones are not counted.
delay_report measure_delays(std::size_t authors, std::uint32_t wave, std::uint32_t rounds);

}  // namespace datagen::bench
